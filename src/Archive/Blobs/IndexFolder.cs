using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>
/// The indexes of stored BTF: <c>&lt;folder&gt;/ab/abcd…</c> for the BTF with that digest, and for a module's <c>abcd…-&lt;digest of its kernel's&gt;</c>.
/// An index carries its own checksum and can be made again, so that its bytes need not be on the disk when it gets its name; whole or
/// not at all it is there, because it comes by a rename.
/// </summary>
internal sealed class IndexFolder(string root)
{
    private readonly string _temp = Path.Combine(root, ".tmp");

    /// <summary>The folder.</summary>
    public string Root => root;

    /// <summary>Where the index of a BTF is, or would be.</summary>
    public string PathOf(IndexName name) => Path.Combine(root, name.Btf.Hex[..2], name.ToString());

    /// <summary>Writes an index, in place of the one that is there.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not.</exception>
    public void Put(IndexName name, ReadOnlySpan<byte> bytes)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(_temp);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temp = Path.Combine(_temp, Guid.NewGuid().ToString("n"));
        try
        {
            using (var file = new FileStream(temp, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0)) file.Write(bytes);
            File.Move(temp, path, overwrite: true);
        }
        catch
        {
            File.Delete(temp);
            throw;
        }
    }

    /// <summary>All there are.</summary>
    public IEnumerable<IndexName> All()
    {
        if (!Directory.Exists(root)) yield break;
        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            if (IndexName.TryParse(Path.GetFileName(path)) is { } name && path == PathOf(name)) yield return name;
    }

    /// <summary>Those that are of a BTF alone, and of it on whatever kernel's.</summary>
    public IEnumerable<IndexName> Of(Digest btf)
    {
        var folder = Path.Combine(root, btf.Hex[..2]);
        if (!Directory.Exists(folder)) yield break;
        foreach (var path in Directory.EnumerateFiles(folder, btf.Hex + "*"))
            if (IndexName.TryParse(Path.GetFileName(path)) is { } name) yield return name;
    }

    /// <summary>Size of an index; null where it is gone.</summary>
    public long? SizeOf(IndexName name) => new FileInfo(PathOf(name)) is { Exists: true } file ? file.Length : null;

    /// <summary>Takes an index away, if it is there; those who mapped it keep their bytes.</summary>
    public void Delete(IndexName name)
    {
        if (SizeOf(name) is not null) File.Delete(PathOf(name));
    }

    /// <summary>Removes what killed writers left behind.</summary>
    /// <returns>How many files.</returns>
    public int SweepTemporary() => LeftOvers.Sweep(_temp);
}
