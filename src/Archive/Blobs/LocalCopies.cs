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
    private const int Unreadable = 5; // EIO
    private const int NoSpace = 28, NoQuota = 122; // ENOSPC, EDQUOT

    // Larger than nearly every BTF: one trim makes room for several.
    private const long RoomBytes = 64L << 20;

    // What is written faster than the disk takes it waits for the disk.
    private const int MostUnnamed = 8;

    private readonly string _root;
    private readonly DiskCache _cache;
    private readonly TemporaryFiles _temporary;
    private readonly ConcurrentDictionary<Digest, string> _unnamed = new(); // the temporary files of copies that are not flushed yet
    private readonly Lock _naming = new();

    /// <param name="cache">Bounds them.</param>
    /// <param name="kind"><c>btf</c>, <c>packed</c> or <c>objects</c>.</param>
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
    /// <returns>Null if there is none that can be read: the store has the bytes.</returns>
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
        catch (Exception e) when (e is CorruptBlobException or IOException { HResult: Unreadable })
        {
            TryDelete(digest); // truncated by a full disk or a crash of the machine, or on a bad part of the disk
            return null;
        }
        catch (Exception e) when (LeftOvers.IsLocked(e) || IsOfDisk(e))
        {
            return null; // DiskCache holds the lock and deletes it; or the check of the disk reports why
        }
    }

    /// <summary>Whether the file of a mapped copy is unchanged, or was deleted: the mapping then keeps its bytes.</summary>
    public bool IsAsMapped(Digest digest, MappedBlob blob) =>
        blob.IsAsMapped && new FileInfo(PathOf(digest)) is var file
        && (!file.Exists || (file.Length == blob.Memory.Length && file.LastWriteTimeUtc == blob.WrittenAt));

    /// <summary>Writes a copy.</summary>
    /// <param name="digest">The digest that names it.</param>
    /// <param name="write">Writes the bytes and returns whether they are complete and sound; otherwise the file is deleted.</param>
    public async Task WriteAsync(Digest digest, Func<FileStream, Task<bool>> write)
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
                if (!await write(file)) return;
                size = file.Length;
            }

            File.Move(temp, path, overwrite: true);
            temp = null;
            _cache.Added(size);
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
        var file = _temporary.CreateFile(isShared: true);
        try
        {
            file.Write(bytes);
            File.SetLastWriteTimeUtc(file.SafeFileHandle, DateTime.UnixEpoch);
        }
        catch
        {
            Drop(file);
            throw;
        }

        if (!_unnamed.TryAdd(digest, file.Name)) Drop(file); // another caller wrote it meanwhile
        else if (_unnamed.Count > MostUnnamed) FlushAndName(digest, file);
        else _ = Task.Run(() => FlushAndName(digest, file));
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
    public bool MakeRoom() => _cache.Trim(RoomBytes) > 0;

    /// <summary>Whether the disk of this machine failed, not the store.</summary>
    public static bool IsOfDisk(Exception e) =>
        e is UnauthorizedAccessException || (e is IOException and not BlobStoreException && StorageFault.Of(e) is not null);

    // The index of a BTF outlives a crash of the machine, so a named copy must, too: it is flushed before it gets its name. It stays open
    // until then, because a process that is just starting removes temporary files that nobody holds.
    private void FlushAndName(Digest digest, FileStream file)
    {
        var temporary = file.Name;
        try
        {
            long size;
            using (file)
            {
                size = file.Length;
                file.Flush(flushToDisk: true);
                lock (_naming)
                {
                    if (!_unnamed.Contains(new(digest, temporary))) return; // deleted meanwhile
                    Directory.CreateDirectory(Path.GetDirectoryName(PathOf(digest))!);
                    File.Move(temporary, PathOf(digest), overwrite: true);
                    _unnamed.TryRemove(digest, out _);
                }
            }

            _cache.Added(size);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(digest, temporary, isFull: e.HResult is NoSpace or NoQuota); // the check of the disk reports why
        }
    }

    // Where a flush failed, the mapped bytes may be lost. With another time, the file is not used any more (IsAsMapped).
    private void Discard(Digest digest, string temporary, bool isFull)
    {
        try
        {
            File.SetLastWriteTimeUtc(temporary, DateTime.UtcNow);
            Delete(digest);
            if (isFull) MakeRoom(); // some disks report only now that they are full; the next copy finds room
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _unnamed.TryRemove(new(digest, temporary)); // the file is gone, or the disk is read-only: then the next start sweeps it
        }
    }

    private void TryDelete(Digest digest)
    {
        try
        {
            Delete(digest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk is read-only; the blob is read into memory.
        }
    }

    private static void Drop(FileStream file)
    {
        using (file) File.Delete(file.Name);
    }

    private string PathOf(Digest digest) => Path.Combine(_root, digest.Hex[..2], digest.Hex);
}
