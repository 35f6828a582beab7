using Relo.Archive.KernelFiles;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Upstream.OtherRelo;

/// <summary>A kernel of another Relo.</summary>
internal sealed record ReloKernel(
    string Distro, string? Version, string Arch, string Release, Digest Btf, DateTimeOffset AddedAt, SourceClient Client, long MostBytes)
    : SourceKernel(Distro, Version, Arch, Release)
{
    public override string Path => $"v1/btf/{Btf.Hex}";

    public override Task<DateTimeOffset?> DateAsync(CancellationToken ct) => Task.FromResult<DateTimeOffset?>(AddedAt);

    public override async Task<SourceFile?> FetchAsync(CancellationToken ct)
    {
        using var body = await Client.GetAsync(Path, Path, MostBytes, ct);
        if (body is null) return null;
        var file = new SourceFile(Path, body.Length, body.Digest);
        return file.Digest != Btf ? file with { Fault = $"its digest is {file.Digest}, the list says {Btf}", IsDamaged = true }
            : !RawBtf.Recognises(body.Bytes.Span) ? file with { Fault = "it is not raw BTF" }
            : file with
            {
                Kernel = new(body.Bytes.ToArray(), "raw BTF") { Release = Release },
                Description = new KernelDescription(Distro, Version, Arch, Release),
            };
    }
}
