using Relo.Archive.Faults;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>
/// The indexes of stored BTF: <c>&lt;folder&gt;/ab/abcd…</c> for the BTF with that digest, <c>abcd…-&lt;digest of its kernel's BTF&gt;</c>
/// for a module's, and the tables of module names (<see cref="IndexName.OfModules"/>). An index carries its own checksum and can be
/// rebuilt, so it is not flushed to disk before the rename. The rename makes it appear complete or not at all.
/// </summary>
internal sealed class IndexFolder(string root, DiskCache cache)
{
    private readonly string _temp = Path.Combine(root, ".tmp");

    /// <summary>The folder.</summary>
    public string Root => root;

    /// <summary>The path of the index of a BTF, whether or not it exists.</summary>
    public string PathOf(IndexName name) => Path.Combine(root, name.Btf.Hex[..2], name.ToString());

    /// <summary>Writes an index, replacing an existing one.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public void Put(IndexName name, ReadOnlySpan<byte> bytes)
    {
        var path = PathOf(name);
        // The folder existed at the start. If its volume was unmounted since, nothing is written to the mount point.
        if (Path.GetDirectoryName(root) is { Length: > 0 } data && !Directory.Exists(data))
            throw new DirectoryNotFoundException($"{data} is missing");
        Directory.CreateDirectory(_temp);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temp = Path.Combine(_temp, Guid.NewGuid().ToString("n"));
        try
        {
            using (var file = new FileStream(temp, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0)) file.Write(bytes);
            File.Move(temp, path, overwrite: true);
            cache.Added(bytes.Length);
        }
        catch
        {
            File.Delete(temp);
            throw;
        }
    }

    /// <summary>Maps an index.</summary>
    /// <returns>Null if there is no readable one: then it is rebuilt.</returns>
    public MappedBlob? Map(IndexName name)
    {
        var path = PathOf(name);
        try
        {
            if (MappedBlob.Map(path, name.Btf) is not { } index) return null;
            DiskCache.Used(path);
            return index;
        }
        catch (Exception e) when (e is CorruptBlobException or IOException or UnauthorizedAccessException)
        {
            return null; // empty, unreadable, or being deleted to make room
        }
    }

    /// <summary>All indexes.</summary>
    public IEnumerable<IndexName> All()
    {
        if (!Directory.Exists(root)) yield break;
        foreach (var path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
            if (IndexName.TryParse(Path.GetFileName(path)) is { } name && path == PathOf(name)) yield return name;
    }

    /// <summary>All indexes of one BTF: its own, those as split BTF of any kernel, and its tables of module names.</summary>
    public IEnumerable<IndexName> Of(Digest btf)
    {
        var folder = Path.Combine(root, btf.Hex[..2]);
        if (!Directory.Exists(folder)) yield break;
        foreach (var path in Directory.EnumerateFiles(folder, btf.Hex + "*"))
            if (IndexName.TryParse(Path.GetFileName(path)) is { } name) yield return name;
    }

    /// <summary>Size of an index; null if missing.</summary>
    public long? SizeOf(IndexName name) => new FileInfo(PathOf(name)) is { Exists: true } file ? file.Length : null;

    /// <summary>Deletes an index if it exists; existing mappings keep their bytes.</summary>
    public void Delete(IndexName name)
    {
        if (SizeOf(name) is not null) File.Delete(PathOf(name));
    }

    /// <summary>Removes files left by killed writers.</summary>
    /// <returns>The number of files removed.</returns>
    public int SweepTemporary() => LeftOvers.Sweep(_temp);
}
