using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Import;
using Relo.Archive.Index;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive;

/// <summary>
/// Adds kernels to the archive and takes them out. Blob before row: whatever is killed when, each row has its blob; a blob without a row is
/// only unused space, and adding the kernel again takes it up.
/// </summary>
public sealed class KernelStore
{
    private readonly ArchiveFolders _folders;
    private readonly ArchiveWriter _writer;
    private readonly KernelIndex _index;
    private readonly BtfCache _cache;
    private readonly ReadSettings _reading;
    private readonly TimeProvider _clock;
    private readonly ILogger<KernelStore> _log;

    internal KernelStore(ArchiveFolders folders, ArchiveWriter writer, KernelIndex index, BtfCache cache, IOptions<ArchiveOptions> options, TimeProvider clock, ILogger<KernelStore> log)
    {
        (_folders, _writer, _index, _cache, _clock, _log) = (folders, writer, index, cache, clock, log);
        _reading = ReadSettings.Of(options.Value, folders.Scratch);
    }

    /// <summary>Adds the kernel that <paramref name="file"/> holds.</summary>
    /// <param name="file">Raw BTF, or a container of it; recognised by content.</param>
    /// <param name="given">What the caller says of it; it wins over what the file says of itself.</param>
    /// <param name="source"><c>host</c>, <c>import</c>, <c>upload</c>, <c>upstream</c>.</param>
    /// <param name="replace">Whether another BTF under the same id gives way.</param>
    /// <param name="ct">Cancels before the kernel is written.</param>
    public Task<AddOutcome> AddAsync(ReadOnlyMemory<byte> file, KernelDescription given, string source, bool replace, CancellationToken ct) =>
        AddAsync(file, given, source, replace, stamp: null, ct);

    internal async Task<AddOutcome> AddAsync(ReadOnlyMemory<byte> file, KernelDescription given, string source, bool replace, FileStamp? stamp, CancellationToken ct)
    {
        var (row, btf, rejected) = Read(file, given, source, stamp, ct);
        if (rejected is not null) return rejected;
        var digest = Digest.Parse(row!.Btf);
        var known = _index.Find(row.Id);
        if (known?.Btf == digest && stamp is null && _folders.Btf.Has(digest)) return new AlreadyThere(known);
        if (known is not null && known.Btf != digest && !replace) return new Conflict(known);
        // Bytes that are here under their digest were checked when they came.
        if (known?.Btf != digest && Check(btf) is { } fault) return fault;
        _folders.Btf.Put(digest, btf.Span);
        return await WriteAsync(row, digest, btf, replace, ct);
    }

    /// <summary>Takes the kernel with this id out, and its BTF where no other kernel has it.</summary>
    /// <returns>Whether there was such a kernel.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken ct)
    {
        var btf = await _writer.WriteAsync(
            async db =>
            {
                var row = await db.Kernels.FindAsync(id);
                if (row is not null) db.Kernels.Remove(row);
                return row?.Btf;
            },
            _ => _index.Remove(id),
            ct);
        if (btf is null) return false;
        await DropUnusedAsync(Digest.Parse(btf));
        _log.LogInformation("Kernel {Kernel} deleted", id);
        return true;
    }

    internal ReadSettings Reading => _reading;

    internal bool HasBtfOf(Kernel kernel) => _folders.Btf.Has(kernel.Btf);

    private (KernelRow? Row, ReadOnlyMemory<byte> Btf, Rejected? Rejected) Read(ReadOnlyMemory<byte> file, KernelDescription given, string source, FileStamp? stamp, CancellationToken ct)
    {
        try
        {
            var read = KernelFileReader.Read(file, _reading, ct);
            return KernelDescribing.TryDescribe(given, read, out var named, out var fault)
                ? (new KernelRow
                {
                    Id = KernelName.Id(named.Distro, named.Version, named.Arch, named.Release),
                    Distro = named.Distro,
                    Version = named.Version,
                    Arch = named.Arch,
                    Release = named.Release,
                    Btf = Digest.Of(read.Btf.Span).Hex,
                    BtfSizeBytes = read.Btf.Length,
                    Source = source,
                    AddedAt = _clock.GetUtcNow().UtcTicks,
                    FileSizeBytes = stamp?.SizeBytes,
                    FileModifiedAt = stamp?.ModifiedAt,
                }, read.Btf, null)
                : (null, default, new Rejected(Rejected.InvalidKernel, fault));
        }
        catch (KernelFileException e)
        {
            return (null, default, new Rejected(e.Code, e.Message));
        }
    }

    private static Rejected? Check(ReadOnlyMemory<byte> btf)
    {
        try
        {
            // Archives hold BTF that is sound and empty, where the tool that made it failed half way.
            return BtfReader.Read(btf).Count > 1 ? null : new Rejected(Rejected.InvalidBtf, "the BTF holds no types", ".BTF", 0);
        }
        catch (MalformedObjectException e)
        {
            return new Rejected(Rejected.InvalidBtf, e.Message, e.Section, e.Offset);
        }
    }

    private async Task<AddOutcome> WriteAsync(KernelRow row, Digest digest, ReadOnlyMemory<byte> btf, bool replace, CancellationToken ct)
    {
        string? replaced = null;
        var outcome = await _writer.WriteAsync<AddOutcome>(
            async db =>
            {
                // A deletion may have swept the blob since it was put; from here on it cannot, deletions wait for this transaction.
                if (!_folders.Btf.Has(digest)) _folders.Btf.Put(digest, btf.Span);
                var existing = await db.Kernels.FindAsync(row.Id);
                if (existing is not null && existing.Btf == row.Btf)
                {
                    (existing.FileSizeBytes, existing.FileModifiedAt) = (row.FileSizeBytes ?? existing.FileSizeBytes, row.FileModifiedAt ?? existing.FileModifiedAt);
                    return new AlreadyThere(existing.ToKernel());
                }

                if (existing is not null && !replace) return new Conflict(existing.ToKernel());
                replaced = existing?.Btf;
                if (existing is null) db.Kernels.Add(row);
                else db.Entry(existing).CurrentValues.SetValues(row);
                return new Added(row.ToKernel());
            },
            outcome =>
            {
                if (outcome is Added added) _index.Put(added.Kernel);
                else if (outcome is AlreadyThere there) _index.Put(there.Kernel); // another process may have added it
                else if (outcome is Conflict conflict) _index.Put(conflict.Existing);
            },
            ct);
        if (outcome is Conflict) await DropUnusedAsync(digest); // what was put for nothing
        if (replaced is not null) await DropUnusedAsync(Digest.Parse(replaced));
        // An import adds thousands and sums up itself.
        if (outcome is Added) _log.Log(row.Source == "import" ? LogLevel.Debug : LogLevel.Information, "Kernel {Kernel} added from {Source} with BTF {Btf}", row.Id, row.Source, digest);
        return outcome;
    }

    // In a transaction of its own, so that no process can give the BTF to a new kernel between looking and deleting.
    private async Task DropUnusedAsync(Digest digest) => await _writer.WriteAsync(
        async db =>
        {
            if (await db.Kernels.AnyAsync(k => k.Btf == digest.Hex)) return false;
            _folders.Btf.Delete(digest);
            return true;
        },
        dropped =>
        {
            if (dropped) _cache.Forget(digest);
        },
        CancellationToken.None);
}
