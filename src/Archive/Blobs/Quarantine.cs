using Microsoft.Extensions.Logging;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>
/// Holds files whose bytes do not match the digest in their name: readers no longer find them, and an operator can examine them. Storing
/// the right bytes again restores the original file.
/// </summary>
internal sealed class Quarantine
{
    private readonly ArchiveFolders _folders;
    private readonly KernelIndex _index;
    private readonly ILogger<Quarantine> _log;
    private long _btf;
    private long _objects;

    public Quarantine(ArchiveFolders folders, KernelIndex index, ILogger<Quarantine> log) =>
        (_folders, _index, _log) = (folders, index, log);

    /// <summary>BTF quarantined since the start.</summary>
    public long Btf => Interlocked.Read(ref _btf);

    /// <summary>Objects quarantined since the start.</summary>
    public long Objects => Interlocked.Read(ref _objects);

    /// <summary>Quarantines BTF and everything derived from it, and marks its kernels as damaged.</summary>
    internal void SetAside(CorruptBlobException corrupt)
    {
        if (!TryMove(_folders.Btf, _folders.QuarantinedBtf, corrupt)) return;
        foreach (var index in _folders.Indexes.Of(corrupt.Expected)) _folders.Indexes.Delete(index);
        _index.Mark(corrupt.Expected, isDamaged: true);
        Interlocked.Increment(ref _btf);
        var whose = string.Join(", ", _index.WithBtf(corrupt.Expected).Select(k => k.Id));
        _log.LogError("BTF {Btf} of {Kernels} is damaged and was moved to {Folder}", corrupt.Expected, whose, _folders.QuarantinedBtf);
    }

    /// <summary>Quarantines an object.</summary>
    internal void SetObjectAside(CorruptBlobException corrupt)
    {
        if (!TryMove(_folders.Objects, _folders.QuarantinedObjects, corrupt)) return;
        Interlocked.Increment(ref _objects);
        _log.LogError("Object {Object} is damaged and was moved to {Folder}", corrupt.Expected, _folders.QuarantinedObjects);
    }

    /// <summary>Marks the kernels whose BTF an earlier process quarantined and that was not stored again.</summary>
    internal void MarkKernels()
    {
        foreach (var btf in In(_folders.QuarantinedBtf).Where(btf => !_folders.Btf.Has(btf))) _index.Mark(btf, isDamaged: true);
    }

    /// <summary>The digests in the file names of a quarantine folder.</summary>
    internal static IEnumerable<Digest> In(string folder)
    {
        if (!Directory.Exists(folder)) yield break;
        foreach (var path in Directory.EnumerateFiles(folder))
            if (Digest.TryParse(Path.GetFileName(path), out var digest)) yield return digest;
    }

    private bool TryMove(BlobFolder from, string to, CorruptBlobException corrupt)
    {
        try
        {
            return from.SetAside(corrupt.Expected, to);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file stays in place and is refused each time; a full or read-only disk allows nothing better.
            _log.LogError("{Path} is damaged and cannot be moved to {Folder}: {Reason}", corrupt.Path, to, e.Message);
            return false;
        }
    }
}
