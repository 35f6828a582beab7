using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Opened;

/// <summary>
/// Opens stored BTF: maps it and its index. Without a matching index, it reads and checks the BTF once and writes the index for the next
/// opening; if the index cannot be written, it opens the BTF with an index in memory. Small modules always have theirs in memory: a kernel
/// has thousands, and a file for each would take a disk block.
/// </summary>
/// <remarks>
/// BTF with an index is not read: the index states that a file of this size and modification time had this digest and was sound. A file
/// overwritten since then has another time and is detected; bit rot is not. Reading rotten BTF is safe (all access is bounds-checked), but
/// results may be wrong: if they are malformed, the whole file is checked, and <c>verify</c> finds the other cases.
/// </remarks>
internal sealed class BtfOpener(IBlobStore blobs, IndexFolder indexes, ILogger log)
{
    // Of the 4,023 modules of a Debian kernel, 143 are larger.
    private const int SmallModuleBytes = 64 << 10;

    private int _saidUnwritable;

    /// <summary>Opens a BTF.</summary>
    /// <param name="btf">Its digest.</param>
    /// <param name="splitBase">For a module's BTF, its kernel's.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="CorruptBlobException">The file does not hold the stored bytes.</exception>
    public OpenedBtf? Open(Digest btf, OpenedBtf? splitBase = null)
    {
        if (blobs.Map(btf) is not { } blob) return null;
        try
        {
            var key = new BtfIndexKey(btf, splitBase?.Key.Btf, blob.WrittenAt.Ticks);
            var isStored = splitBase is null || blob.Memory.Length > SmallModuleBytes;
            if (isStored && OpenIndexed(blob, key, splitBase) is { } known) return known;

            blob.Check(blobs.NameOf(btf), btf);
            var index = BtfIndexFile.Make(blob.Memory, key, splitBase?.Types, out var types);
            var opened = isStored && TryPut(new(btf, key.Base), index) ? OpenIndexed(blob, key, splitBase) : null;
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

    /// <summary>Whether the files still have the sizes and times they had when opened. A deleted index stays mapped.</summary>
    public bool IsAsOpened(OpenedBtf opened) =>
        blobs.IsAsMapped(opened.Key.Btf, opened.Blob) && opened.Index is null or { IsAsMapped: true };

    /// <summary>Reads all bytes and checks the digest, unless that was done since it was opened.</summary>
    /// <exception cref="CorruptBlobException">The digest does not match.</exception>
    public void Check(OpenedBtf opened)
    {
        if (opened.IsWhole) return;
        opened.Blob.Check(blobs.NameOf(opened.Key.Btf), opened.Key.Btf);
        opened.IsWhole = true;
    }

    private OpenedBtf? OpenIndexed(MappedBlob blob, BtfIndexKey key, OpenedBtf? splitBase)
    {
        if (indexes.Map(new(key.Btf, key.Base)) is not { } index) return null;
        try
        {
            if (BtfIndexFile.Open(index.Memory, blob.Memory, key, splitBase?.Types) is { } types)
                return new(blob, index, key, types, index.Memory.Length);
        }
        catch (MalformedObjectException)
        {
            // The BTF header has changed, so the digest check fails.
        }

        ((IDisposable)index).Dispose();
        return null;
    }

    private bool TryPut(IndexName name, byte[] index)
    {
        try
        {
            indexes.Put(name, index);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Logged once: later indexes fail for the same reason.
            if (Interlocked.Exchange(ref _saidUnwritable, 1) == 0)
                log.LogWarning(
                    "Indexes of kernel BTF cannot be stored in {Folder}, so each kernel is read again whenever it is opened: {Reason}",
                    indexes.Root, e.Message);
            return false;
        }
    }
}
