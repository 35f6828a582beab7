using System.Collections.Concurrent;
using Relo.Archive.Faults;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>
/// Copies of one kind of blobs on this machine's disk, in <c>cache/&lt;kind&gt;/ab/abcd…</c>. Every named file is complete.
/// </summary>
/// <remarks>
/// Flushing megabytes takes longer than unpacking them. So unpacked BTF is mapped while its file is still a temporary one, and a
/// background task flushes and names that file.
/// </remarks>
internal sealed class LocalCopies
{
    private const int Locked = 11; // EWOULDBLOCK: DiskCache holds the exclusive lock and deletes it

    // What is written faster than the disk takes it waits for the disk.
    private const int MostUnnamed = 8;

    private readonly string _root;
    private readonly DiskCache _cache;
    private readonly TemporaryFiles _temporary;
    private readonly ConcurrentDictionary<Digest, string> _unnamed = new(); // the temporary files of copies that are not flushed yet
    private readonly Lock _naming = new();

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

    public bool Has(Digest digest) => File.Exists(PathOf(digest)) || _unnamed.ContainsKey(digest);

    /// <summary>Maps a copy.</summary>
    /// <returns>Null if there is none, or if it is being deleted.</returns>
    public MappedBlob? Map(Digest digest)
    {
        if (Map(digest, PathOf(digest)) is { } named) return named;
        if (!_unnamed.TryGetValue(digest, out var temporary)) return null;
        return Map(digest, temporary) ?? Map(digest, PathOf(digest)); // it may just have got its name
    }

    private MappedBlob? Map(Digest digest, string path)
    {
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
    /// Writes a copy of bytes whose digest was checked. It can be mapped at once, and gets its name when it is on the disk. Every copy gets
    /// the same time, so that an index of the BTF made from an earlier copy still fits. A copy that is overwritten later gets another one.
    /// </summary>
    public void Write(Digest digest, ReadOnlySpan<byte> bytes)
    {
        _temporary.Create();
        string temporary;
        using (var file = _temporary.CreateFile())
        {
            temporary = file.Name;
            try
            {
                file.Write(bytes);
                File.SetLastWriteTimeUtc(file.SafeFileHandle, DateTime.UnixEpoch);
            }
            catch
            {
                File.Delete(temporary);
                throw;
            }
        }

        var size = bytes.Length;
        if (!_unnamed.TryAdd(digest, temporary)) File.Delete(temporary); // another caller wrote it meanwhile
        else if (_unnamed.Count > MostUnnamed) FlushAndName(digest, temporary, size);
        else _ = Task.Run(() => FlushAndName(digest, temporary, size));
    }

    /// <summary>Deletes a copy if there is one.</summary>
    public void Delete(Digest digest)
    {
        lock (_naming)
        {
            if (_unnamed.TryRemove(digest, out var temporary)) File.Delete(temporary);
            if (File.Exists(PathOf(digest))) File.Delete(PathOf(digest));
        }
    }

    /// <summary>Frees space on the disk.</summary>
    /// <returns>Whether any could be freed.</returns>
    public bool MakeRoom(long bytes) => _cache.Trim(bytes) > 0;

    /// <summary>Whether the disk of this machine failed, not the store.</summary>
    public static bool IsOfDisk(Exception e) =>
        e is UnauthorizedAccessException || (e is IOException and not BlobStoreException && StorageFault.Of(e) is not null);

    // The index of a BTF outlives a crash of the machine, so a named copy must, too: it is flushed before it gets its name.
    private void FlushAndName(Digest digest, string temporary, long size)
    {
        try
        {
            using (var file = File.OpenHandle(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
                RandomAccess.FlushToDisk(file);
            lock (_naming)
            {
                if (!_unnamed.Contains(new(digest, temporary))) return; // deleted meanwhile
                Directory.CreateDirectory(Path.GetDirectoryName(PathOf(digest))!);
                File.Move(temporary, PathOf(digest), overwrite: true);
                _unnamed.TryRemove(digest, out _);
            }

            _cache.Added(size);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(digest, temporary); // the check of the disk reports why
        }
    }

    // Where a flush failed, the mapped bytes may be lost. With another time, the file is not used any more (IsAsMapped).
    private void Discard(Digest digest, string temporary)
    {
        try
        {
            File.SetLastWriteTimeUtc(temporary, DateTime.UtcNow);
            Delete(digest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _unnamed.TryRemove(new(digest, temporary)); // the file is gone, or the disk is read-only: then the next start sweeps it
        }
    }

    private string PathOf(Digest digest) => Path.Combine(_root, digest.Hex[..2], digest.Hex);
}
