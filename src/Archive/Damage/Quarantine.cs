using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Index;

namespace Relo.Archive.Damage;

/// <summary>
/// Holds blobs whose bytes do not match the digest in their name: readers no longer find them, and an operator can examine them. Storing
/// the right bytes again restores the original blob.
/// </summary>
internal sealed class Quarantine
{
    private readonly ArchiveBlobs _blobs;
    private readonly IndexFolder _indexes;
    private readonly KernelIndex _index;
    private readonly ILogger<Quarantine> _log;
    private long _btf;
    private long _objects;

    public Quarantine(ArchiveBlobs blobs, ArchiveFolders folders, KernelIndex index, ILogger<Quarantine> log) =>
        (_blobs, _indexes, _index, _log) = (blobs, folders.Indexes, index, log);

    /// <summary>BTF quarantined since the start.</summary>
    public long Btf => Interlocked.Read(ref _btf);

    /// <summary>Objects quarantined since the start.</summary>
    public long Objects => Interlocked.Read(ref _objects);

    /// <summary>Quarantines BTF, deletes its indexes, and marks its kernels as damaged.</summary>
    internal async Task SetAsideAsync(CorruptBlobException corrupt)
    {
        if (!await TryMoveAsync(_blobs.Btf, corrupt)) return;
        foreach (var index in _indexes.Of(corrupt.Expected)) _indexes.Delete(index);
        _index.Mark(corrupt.Expected, isDamaged: true);
        Interlocked.Increment(ref _btf);
        var whose = string.Join(", ", _index.WithBtf(corrupt.Expected).Select(k => k.Id));
        _log.LogError(
            "BTF {Btf} of {Kernels} is damaged and was moved to {Folder}", corrupt.Expected, whose,
            _blobs.Btf.NameOf(BlobPlace.Quarantined));
    }

    /// <summary>Quarantines an object.</summary>
    internal async Task SetObjectAsideAsync(CorruptBlobException corrupt)
    {
        if (!await TryMoveAsync(_blobs.Objects, corrupt)) return;
        Interlocked.Increment(ref _objects);
        _log.LogError(
            "Object {Object} is damaged and was moved to {Folder}", corrupt.Expected, _blobs.Objects.NameOf(BlobPlace.Quarantined));
    }

    /// <summary>Marks the kernels whose BTF an earlier process quarantined and that was not stored again.</summary>
    internal async Task MarkKernelsAsync(CancellationToken ct)
    {
        await foreach (var (btf, _) in _blobs.Btf.ListAsync(BlobPlace.Quarantined, ct))
            if (!await _blobs.Btf.HasAsync(btf, ct)) _index.Mark(btf, isDamaged: true);
    }

    private async Task<bool> TryMoveAsync(IBlobStore from, CorruptBlobException corrupt)
    {
        try
        {
            return await from.SetAsideAsync(corrupt.Expected, CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The blob stays in place and is refused each time; a full or read-only disk allows nothing better.
            _log.LogError("{Path} is damaged and cannot be moved to {Folder}: {Reason}", corrupt.Path,
                from.NameOf(BlobPlace.Quarantined), e.Message);
            return false;
        }
    }
}
