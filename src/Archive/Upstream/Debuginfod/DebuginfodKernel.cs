using Relo.Archive.Index;
using Relo.Archive.KernelFiles;
using Relo.Archive.KernelFiles.Images;
using Relo.Archive.Kernels;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Upstream.Debuginfod;

/// <summary>A kernel of a debuginfod server, known by its build-id until its banner is read.</summary>
internal sealed record DebuginfodKernel(string BuildId, SourceClient Client, long MostBytes) : SourceKernel("", null, "", "")
{
    public override string Path => $"buildid/{BuildId}/section/.BTF";

    public override Kernel? In(KernelIndex index) => index.Matching(new()).FirstOrDefault(kernel => kernel.BuildId == BuildId);

    public override async Task<SourceFile?> FetchAsync(CancellationToken ct)
    {
        using var btf = await Client.GetAsync(Path, Path, MostBytes, ct);
        if (btf is null) return null;
        var file = new SourceFile(Path, btf.Length, btf.Digest);
        if (!RawBtf.Recognises(btf.Bytes.Span)) return file with { Fault = "it is not raw BTF" };
        var banners = $"buildid/{BuildId}/section/.rodata";
        using var text = await Client.GetAsync(banners, banners, MostBytes, ct);
        if (text is null)
            return file with { Fault = $"the server does not have {banners}, so the release is unknown; send the vmlinux itself" };
        var read = KernelBanner.Find(text.Bytes.Span).Describe(new(btf.Bytes.ToArray(), "debuginfod's .BTF") { BuildId = BuildId });
        return read.Release is null
            ? file with { Fault = $"{banners} does not contain 'Linux version', so it is not a kernel" }
            : file with { Kernel = read with { Arch = read.Arch ?? MachineOf(read.Btf) }, DownloadedBytes = btf.Length + text.Length };
    }

    private static string? MachineOf(ReadOnlyMemory<byte> btf)
    {
        try
        {
            return BtfMachine.Of(BtfReader.Read(btf));
        }
        catch (MalformedObjectException)
        {
            return null; // the check of the BTF reports it
        }
    }
}
