using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Opened;

/// <summary>
/// Opens stored BTF: maps it, and the index beside it. Where there is no index that fits, the BTF is read and checked once and its index
/// written for the next time; where that cannot be, it is opened from memory.
/// </summary>
/// <remarks>
/// A BTF with an index is not read: the index says that a file of this size and time of writing had this digest and was sound. What is
/// written over it since has another time and is found out; what rots on the disk is not. Then reading it goes nowhere outside (all
/// of it is bounded), but what it says may be wrong: where it makes no sense at all it is read whole, and finding the rest is the work of <c>verify</c>.
/// </remarks>
internal sealed class BtfOpener(ArchiveFolders folders, ILogger log)
{
    private int _saidUnwritable;

    /// <summary>Opens a BTF.</summary>
    /// <param name="btf">Its digest.</param>
    /// <param name="splitBase">For a module's, that of its kernel.</param>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="CorruptBlobException">The file does not hold the bytes that were stored.</exception>
    public OpenedBtf? Open(Digest btf, OpenedBtf? splitBase = null)
    {
        var path = folders.Btf.PathOf(btf);
        if (MappedBlob.Map(path, btf) is not { } blob) return null;
        try
        {
            var key = new BtfIndexKey(btf, splitBase?.Key.Btf, blob.WrittenAt.Ticks);
            if (OpenIndexed(blob, key, splitBase) is { } known) return known;

            blob.Check(path, btf);
            var index = BtfIndexFile.Make(blob.Memory, key, splitBase?.Types, out var types);
            var opened = TryPut(new(btf, key.Base), index) ? OpenIndexed(blob, key, splitBase) : null;
            opened ??= new(blob, null, key, types, index.Length);
            opened.IsWhole = true;
            return opened;
        }
        catch
        {
            ((IDisposable)blob).Dispose();
            throw;
        }
    }

    /// <summary>Whether the files are still those that were opened: a look at their sizes and times. An index may be gone; it is open.</summary>
    public bool IsAsOpened(OpenedBtf opened) =>
        new FileInfo(folders.Btf.PathOf(opened.Key.Btf)) is { Exists: true } file && file.Length == opened.Blob.Memory.Length && file.LastWriteTimeUtc == opened.Blob.WrittenAt
        && opened.Index is null or { IsAsMapped: true };

    /// <summary>Reads all of it, unless that was done since it was opened.</summary>
    /// <exception cref="CorruptBlobException">It does not hold the bytes that were stored.</exception>
    public void Check(OpenedBtf opened)
    {
        if (opened.IsWhole) return;
        opened.Blob.Check(folders.Btf.PathOf(opened.Key.Btf), opened.Key.Btf);
        opened.IsWhole = true;
    }

    private OpenedBtf? OpenIndexed(MappedBlob blob, BtfIndexKey key, OpenedBtf? splitBase)
    {
        if (MapIndex(folders.Indexes.PathOf(new(key.Btf, key.Base)), key.Btf) is not { } index) return null;
        try
        {
            if (BtfIndexFile.Open(index.Memory, blob.Memory, key, splitBase?.Types) is { } types) return new(blob, index, key, types, index.Memory.Length);
        }
        catch (MalformedObjectException)
        {
            // Not even the BTF's head is what it was: its digest will say so.
        }

        ((IDisposable)index).Dispose();
        return null;
    }

    private static MappedBlob? MapIndex(string path, Digest btf)
    {
        try
        {
            return MappedBlob.Map(path, btf);
        }
        catch (Exception e) when (e is CorruptBlobException or IOException or UnauthorizedAccessException)
        {
            return null; // empty, or not to be read: made again
        }
    }

    private bool TryPut(IndexName name, byte[] index)
    {
        try
        {
            folders.Indexes.Put(name, index);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Said once: the same is wrong with the next one.
            if (Interlocked.Exchange(ref _saidUnwritable, 1) == 0)
                log.LogWarning("Indexes of kernel BTF cannot be kept in {Folder}, so that each kernel is read anew when it is opened: {Reason}", folders.Indexes.Root, e.Message);
            return false;
        }
    }
}
