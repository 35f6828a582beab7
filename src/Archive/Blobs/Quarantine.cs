using Microsoft.Extensions.Logging;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>
/// Where files go that do not hold the bytes they are named for: out of the way of everybody who reads, and there for whoever wants to know what happened to
/// them. The same bytes put in again take their old place.
/// </summary>
internal sealed class Quarantine
{
    private readonly ArchiveFolders _folders;
    private readonly KernelIndex _index;
    private readonly ILogger<Quarantine> _log;
    private long _btf;
    private long _objects;

    public Quarantine(ArchiveFolders folders, KernelIndex index, ILogger<Quarantine> log) => (_folders, _index, _log) = (folders, index, log);

    /// <summary>BTF that was set aside since the start.</summary>
    public long Btf => Interlocked.Read(ref _btf);

    /// <summary>Objects that were set aside since the start.</summary>
    public long Objects => Interlocked.Read(ref _objects);

    /// <summary>Sets BTF aside, with all that was derived from it; its kernels are marked.</summary>
    internal void SetAside(CorruptBlobException corrupt)
    {
        if (!TryMove(_folders.Btf, _folders.QuarantinedBtf, corrupt)) return;
        foreach (var index in _folders.Indexes.Of(corrupt.Expected)) _folders.Indexes.Delete(index);
        _index.Mark(corrupt.Expected, isDamaged: true);
        Interlocked.Increment(ref _btf);
        var whose = string.Join(", ", _index.WithBtf(corrupt.Expected).Select(k => k.Id));
        _log.LogError("BTF {Btf} of {Kernels} is damaged and was moved to {Folder}", corrupt.Expected, whose, _folders.QuarantinedBtf);
    }

    /// <summary>Sets an object aside.</summary>
    internal void SetObjectAside(CorruptBlobException corrupt)
    {
        if (!TryMove(_folders.Objects, _folders.QuarantinedObjects, corrupt)) return;
        Interlocked.Increment(ref _objects);
        _log.LogError("Object {Object} is damaged and was moved to {Folder}", corrupt.Expected, _folders.QuarantinedObjects);
    }

    /// <summary>Marks the kernels whose BTF an earlier process set aside and nobody put in again.</summary>
    internal void MarkKernels()
    {
        foreach (var btf in In(_folders.QuarantinedBtf).Where(btf => !_folders.Btf.Has(btf))) _index.Mark(btf, isDamaged: true);
    }

    /// <summary>The digests that the files of a folder of the quarantine should have.</summary>
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
            // It stays where it is and is refused each time; on a disk that is full or read-only nothing better can be done.
            _log.LogError("{Path} is damaged and cannot be moved to {Folder}: {Reason}", corrupt.Path, to, e.Message);
            return false;
        }
    }
}
