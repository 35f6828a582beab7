using Relo.Archive.Faults;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>
/// Copies of one kind of blobs on this machine's disk, in <c>cache/&lt;kind&gt;/ab/abcd…</c>. Every named file is complete.
/// </summary>
internal sealed class LocalCopies
{
    private readonly string _root;
    private readonly DiskCache _cache;
    private readonly TemporaryFiles _temporary;

    /// <param name="cache">Bounds them.</param>
    /// <param name="kind"><c>btf</c> or <c>objects</c>.</param>
    public LocalCopies(DiskCache cache, string kind)
    {
        _cache = cache;
        _root = Path.Combine(cache.Root, kind);
        _temporary = new(Path.Combine(_root, ".tmp"));
    }

    public void Create() => _temporary.Create();

    public int Sweep() => _temporary.Sweep();

    public bool Has(Digest digest) => File.Exists(PathOf(digest));

    /// <summary>Maps a copy.</summary>
    /// <returns>Null if there is none, or if it is being deleted.</returns>
    public MappedBlob? Map(Digest digest)
    {
        var path = PathOf(digest);
        try
        {
            if (MappedBlob.Map(path, digest) is not { } blob) return null;
            DiskCache.Used(path);
            return blob;
        }
        catch (CorruptBlobException)
        {
            Delete(digest); // truncated by a full disk or a crash of the machine; the store has it
            return null;
        }
        catch (IOException e) when (e.HResult == Locked)
        {
            return null;
        }
    }

    /// <summary>Whether the file of a mapped copy is unchanged.</summary>
    public bool IsAsMapped(Digest digest, MappedBlob blob) =>
        blob.IsAsMapped && new FileInfo(PathOf(digest)) is var file
        && (!file.Exists || (file.Length == blob.Memory.Length && file.LastWriteTimeUtc == blob.WrittenAt));

    /// <summary>Writes a copy.</summary>
    /// <param name="digest">The digest that names it.</param>
    /// <param name="write">Writes the bytes and returns whether they are complete and sound; otherwise the file is deleted.</param>
    public async Task<bool> WriteAsync(Digest digest, Func<FileStream, Task<bool>> write)
    {
        var path = PathOf(digest);
        _temporary.Create();
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string? temp = null;
        try
        {
            long size;
            await using (var file = _temporary.CreateFile())
            {
                temp = file.Name;
                if (!await write(file)) return false;
                size = file.Length;
            }

            File.Move(temp, path, overwrite: true);
            temp = null;
            _cache.Added(size);
            return true;
        }
        finally
        {
            if (temp is not null) File.Delete(temp);
        }
    }

    /// <summary>
    /// Writes a copy of bytes whose digest was checked. Every copy gets the same time, so that an index of the BTF made from an earlier
    /// copy still fits. A copy that is overwritten later gets another one.
    /// </summary>
    public Task WriteAsync(Digest digest, byte[] bytes) => WriteAsync(digest, file =>
    {
        file.Write(bytes);
        file.Flush(flushToDisk: true); // its index relies on it
        File.SetLastWriteTimeUtc(file.SafeFileHandle, DateTime.UnixEpoch);
        return Task.FromResult(true);
    });

    /// <summary>Deletes a copy if there is one.</summary>
    public void Delete(Digest digest)
    {
        if (Has(digest)) File.Delete(PathOf(digest));
    }

    /// <summary>Frees space on the disk.</summary>
    /// <returns>Whether any could be freed.</returns>
    public bool MakeRoom(long bytes) => _cache.Trim(bytes) > 0;

    /// <summary>Whether the disk of this machine failed, not the store.</summary>
    public static bool IsOfDisk(Exception e) =>
        e is UnauthorizedAccessException || (e is IOException and not BlobStoreException && StorageFault.Of(e) is not null);

    private const int Locked = 11; // EWOULDBLOCK: DiskCache holds the exclusive lock and deletes it

    private string PathOf(Digest digest) => Path.Combine(_root, digest.Hex[..2], digest.Hex);
}
