using System.Formats.Tar;

namespace Relo.Archive.Export;

/// <summary>
/// A kernel in BTFHub's format: an xz-compressed tar that contains only <c>&lt;release&gt;.btf</c>. Reproducible: no timestamp, no owner.
/// </summary>
public static class BtfTarball
{
    /// <summary>File name suffix after the release.</summary>
    public const string Suffix = ".btf.tar.xz";

    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Builds the file.</summary>
    /// <param name="release">The kernel's release.</param>
    /// <param name="btf">Its BTF.</param>
    /// <param name="cancellation">Cancels the compression, which takes about a second.</param>
    public static byte[] Write(string release, ReadOnlyMemory<byte> btf, CancellationToken cancellation = default)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Gnu, leaveOpen: true))
        using (var content = new MemoryStream(btf.ToArray(), writable: false))
            writer.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, release + ".btf")
            {
                DataStream = content,
                ModificationTime = DateTimeOffset.UnixEpoch,
                Mode = Mode
            });
        return XzWriter.Write(tar.GetBuffer().AsSpan(0, (int)tar.Length), cancellation);
    }
}
