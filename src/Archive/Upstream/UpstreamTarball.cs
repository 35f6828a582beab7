using Relo.Archive.Import;

namespace Relo.Archive.Upstream;

/// <summary>
/// What the upstream sent, as BTFHub files it and in no other way: <c>&lt;release&gt;.btf</c> in a tar in xz. The name inside must be the one asked
/// for, so that a mirror that mixed up its files gives no kernel another one's layout.
/// </summary>
internal static class UpstreamTarball
{
    /// <summary>Takes the BTF out; it is not checked yet.</summary>
    /// <returns>What is wrong with the file; null where nothing is.</returns>
    public static string? Unpack(ReadOnlyMemory<byte> file, string release, UnpackLimits limits, out ReadOnlyMemory<byte> btf, CancellationToken ct)
    {
        btf = default;
        try
        {
            if (!XzFile.Recognises(file.Span)) return $"it begins with {Convert.ToHexStringLower(file.Span[..Math.Min(8, file.Length)])}, expected xz (fd377a585a00)";
            var tar = XzFile.Unpack(file, limits, ct);
            if (!TarFile.Recognises(tar.Span)) return "the xz holds no tar";
            var inside = TarFile.Read(tar, limits);
            if (inside.Release != release) return $"the tar holds {inside.Release}.btf, expected {release}.btf";
            btf = inside.Btf;
            return null;
        }
        catch (KernelFileException e)
        {
            return e.Message;
        }
    }
}
