using Relo.Archive.KernelFiles;
using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.Upstream.BtfHub;

/// <summary>
/// Reads a file from the upstream, strictly in BTFHub's format: <c>&lt;release&gt;.btf</c> in an xz-compressed tar. The name inside must
/// match the requested release, so that a mirror with mixed-up files cannot give a kernel another one's layout.
/// </summary>
internal static class UpstreamTarball
{
    private const string Xz = "xz";

    // The tar is slightly larger than its content.
    private const long TarBytes = 1 << 20;

    /// <summary>Extracts the BTF without checking it.</summary>
    /// <returns>The fault of the file; null if it is valid.</returns>
    public static string? Unpack(
        ReadOnlyMemory<byte> file, string release, ReadSettings settings, out ReadOnlyMemory<byte> btf, CancellationToken ct)
    {
        btf = default;
        var most = settings.Limits.BtfBytes + TarBytes;
        using var unpacker = new Unpacker(settings with { Limits = settings.Limits with { FileBytes = most, TotalBytes = most } }, ct);
        try
        {
            if (Compression.Of(file.Span) is not { Name: Xz } xz)
                return $"it begins with {Convert.ToHexStringLower(file.Span[..Math.Min(8, file.Length)])}, expected xz (fd377a585a00)";
            var tar = unpacker.Unpack(xz, file);
            if (!TarFile.Recognises(tar.Span)) return "the xz does not contain a tar";
            var inside = TarFile.Read(tar, unpacker.Limits, ct);
            if (inside.Release != release) return $"the tar contains {inside.Release}.btf, expected {release}.btf";
            btf = inside.Btf;
            return null;
        }
        catch (KernelFileException e)
        {
            return e.Message;
        }
    }
}
