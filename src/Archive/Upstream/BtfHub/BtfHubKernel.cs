using Relo.Archive.KernelFiles;
using Relo.Archive.Kernels;

namespace Relo.Archive.Upstream.BtfHub;

/// <summary>A file in BTFHub's layout.</summary>
internal sealed record BtfHubKernel(UpstreamPath At, SourceClient Client, long MostBytes, ReadSettings Reading)
    : SourceKernel(At.Distro, At.Version, At.Arch, At.Release)
{
    public override string Path => At.ToString();

    public override async Task<SourceFile?> FetchAsync(CancellationToken ct)
    {
        using var body = await Client.GetAsync(At.Address, Path, MostBytes, ct);
        if (body is null) return null;
        var file = new SourceFile(Path, body.Length, body.Digest);
        return UpstreamTarball.Unpack(body.Bytes, Release, Reading, out var btf, ct) is { } fault
            ? file with { Fault = fault }
            : file with
            {
                Kernel = new(btf, "tar") { Release = Release },
                Description = new KernelDescription(Distro, Version, Arch, Release),
            };
    }
}
