using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Import;
using Relo.Archive.Index;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Kernels;

/// <summary>
/// Adds kernels to the archive and takes them out. Blob before row: whatever is killed when, each row has its blob; a blob without a row is
/// only unused space, and adding the kernel again takes it up.
/// </summary>
internal sealed class KernelStore : IDisposable
{
    private readonly ArchiveFolders _folders;
    private readonly ArchiveWriter _writer;
    private readonly KernelIndex _index;
    private readonly UnusedBtf _unused;
    private readonly ModuleStore _modules;
    private readonly ReadSettings _reading;

    // Unpacking is all work and no waiting: more at a time than there are processors would only cost memory.
    private readonly SemaphoreSlim _readers = new(Environment.ProcessorCount);
    private readonly TimeProvider _clock;
    private readonly ILogger<KernelStore> _log;

    public KernelStore(ArchiveFolders folders, ArchiveWriter writer, KernelIndex index, UnusedBtf unused, ModuleStore modules, IOptions<ArchiveOptions> options, TimeProvider clock, ILogger<KernelStore> log)
    {
        (_folders, _writer, _index, _unused, _modules, _clock, _log) = (folders, writer, index, unused, modules, clock, log);
        _reading = ReadSettings.Of(options.Value, folders.Scratch);
    }

    /// <summary>Adds the kernel that <paramref name="file"/> holds; or the module, to its kernel, which must be here.</summary>
    /// <param name="file">Raw BTF, or a container of it; recognised by content.</param>
    /// <param name="given">What the caller says of it; it wins over what the file says of itself.</param>
    /// <param name="source"><c>host</c>, <c>import</c>, <c>upload</c>, <c>upstream</c>.</param>
    /// <param name="replace">Whether another BTF under the same id gives way.</param>
    /// <param name="ct">Cancels before the kernel is written.</param>
    public Task<AddOutcome> AddAsync(ReadOnlyMemory<byte> file, KernelDescription given, string source, bool replace, CancellationToken ct) =>
        AddAsync(file, given, source, replace, stamp: null, ct);

    internal async Task<AddOutcome> AddAsync(ReadOnlyMemory<byte> file, KernelDescription given, string source, bool replace, FileStamp? stamp, CancellationToken ct)
    {
        KernelFile read;
        try
        {
            read = await ReadAsync(file, ct);
        }
        catch (KernelFileException e)
        {
            return new Rejected(e.Code, e.Message);
        }

        if (read.Module is not null || !string.IsNullOrWhiteSpace(given.Module)) return await _modules.AddAsync(read, given, replace, ct);
        if (read.Btf.IsEmpty) return await _modules.AddPackageAsync(read, given, replace, ct);
        var outcome = await AddKernelAsync(read, given, source, replace, stamp, ct);
        return read.Modules.Count == 0 && read.Inline.IsEmpty ? outcome : outcome switch
        {
            Added added => await _modules.AddAllAsync([added.Kernel], read, replace, ct) switch
            {
                // The kernel is new, whatever became of its modules.
                Added both => both,
                AlreadyThere there => new Added(there.Kernel) { Notes = there.Notes },
                var other => other,
            },
            AlreadyThere there => await _modules.AddAllAsync([there.Kernel], read, replace, ct),
            _ => outcome,
        };
    }

    /// <summary>Adds modules whose kernel is here.</summary>
    internal Task<AddOutcome> AddModulesAsync(KernelFile modules, CancellationToken ct) => _modules.AddPackageAsync(modules, new(), replace: false, ct);

    /// <exception cref="KernelFileException">The file is not one that is taken.</exception>
    internal async Task<KernelFile> ReadAsync(ReadOnlyMemory<byte> file, CancellationToken ct)
    {
        await _readers.WaitAsync(ct);
        try
        {
            return KernelFileReader.Read(file, _reading, ct);
        }
        finally
        {
            _readers.Release();
        }
    }

    private async Task<AddOutcome> AddKernelAsync(KernelFile read, KernelDescription given, string source, bool replace, FileStamp? stamp, CancellationToken ct)
    {
        if (!KernelDescribing.TryDescribe(given, read, out var named, out var fault)) return new Rejected(Rejected.InvalidKernel, fault);
        var digest = Digest.Of(read.Btf.Span);
        var row = new KernelRow
        {
            Id = KernelName.Id(named.Distro, named.Version, named.Arch, named.Release),
            Distro = named.Distro,
            Version = named.Version,
            Arch = named.Arch,
            Release = named.Release,
            Btf = digest.Hex,
            BtfSizeBytes = read.Btf.Length,
            Source = source,
            AddedAt = _clock.GetUtcNow().UtcTicks,
            BuildId = given.BuildId ?? read.BuildId,
            Banner = given.Banner ?? read.Banner,
            FileSizeBytes = stamp?.SizeBytes,
            FileModifiedAt = stamp?.ModifiedAt,
        };
        var known = _index.Find(row.Id);
        var isNews = stamp is not null || (row.BuildId is not null && known?.BuildId is null) || (row.Banner is not null && known?.Banner != row.Banner);
        if (known?.Btf == digest && !isNews && _folders.Btf.Has(digest))
        {
            // Who sends a kernel again may do so because what is here is damaged.
            _folders.Btf.Put(digest, read.Btf.Span);
            _index.Mark(digest, isDamaged: false);
            return new AlreadyThere(_index.Find(row.Id) ?? known);
        }

        if (known is not null && known.Btf != digest && !replace) return new Conflict(known);
        // Bytes that are here under their digest were checked when they came.
        if (known?.Btf != digest && Check(read.Btf) is { } broken) return broken;
        _folders.Btf.Put(digest, read.Btf.Span);
        return await WriteAsync(row, digest, read.Btf, replace, ct);
    }

    /// <summary>Takes the kernel with this id out, with its modules, and their BTF where no other kernel has it.</summary>
    /// <returns>Whether there was such a kernel.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken ct)
    {
        var unused = await _writer.WriteAsync<string[]>(
            async db =>
            {
                if (await FindAsync(db, id) is not { } row) return [];
                db.Kernels.Remove(row); // and its modules with it
                return [row.Btf, .. row.Modules.Select(m => m.Btf)];
            },
            _ => _index.Remove(id),
            ct);
        if (unused.Length == 0) return false;
        await _unused.DropAsync(unused);
        _log.LogInformation("Kernel {Kernel} deleted", id);
        return true;
    }

    /// <summary>Puts BTF back that was damaged or missing.</summary>
    /// <returns>Whether a kernel still has it.</returns>
    internal Task<bool> RestoreAsync(Digest btf, ReadOnlyMemory<byte> bytes, CancellationToken ct) => _writer.WriteAsync(
        async db =>
        {
            if (!await db.Kernels.AnyAsync(k => k.Btf == btf.Hex)) return false;
            _folders.Btf.Put(btf, bytes.Span);
            return true;
        },
        isBack =>
        {
            if (isBack) _index.Mark(btf, isDamaged: false);
        },
        ct);

    /// <summary>Nothing is added any more.</summary>
    public void Dispose() => _readers.Dispose();

    internal ReadSettings Reading => _reading;

    internal bool HasBtfOf(Kernel kernel) => _folders.Btf.Has(kernel.Btf);

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
        List<string> replaced = [];
        var outcome = await _writer.WriteAsync<AddOutcome>(
            async db =>
            {
                // A deletion may have swept the blob since it was put; from here on it cannot, deletions wait for this transaction.
                if (!_folders.Btf.Has(digest)) _folders.Btf.Put(digest, btf.Span);
                var existing = await FindAsync(db, row.Id);
                if (existing is not null && existing.Btf == row.Btf)
                {
                    existing.Learn(row);
                    return new AlreadyThere(existing.ToKernel());
                }

                if (existing is not null && !replace) return new Conflict(existing.ToKernel());
                if (existing is null)
                {
                    db.Kernels.Add(row);
                }
                else
                {
                    replaced = [existing.Btf, .. existing.Modules.Select(m => m.Btf)];
                    db.Entry(existing).CurrentValues.SetValues(row);
                    existing.Modules.Clear(); // their BTF stands on the one that goes
                }

                return new Added(row.ToKernel());
            },
            outcome =>
            {
                _index.Mark(digest, isDamaged: false);
                if (outcome is Added added) _index.Put(added.Kernel);
                else if (outcome is AlreadyThere there) _index.Put(there.Kernel); // another process may have added it
                else if (outcome is Conflict conflict) _index.Put(conflict.Existing);
            },
            ct);
        if (outcome is Conflict) await _unused.DropAsync([digest.Hex]); // what was put for nothing
        await _unused.DropAsync(replaced);
        // An import adds thousands and sums up itself.
        if (outcome is Added) _log.Log(row.Source == "import" ? LogLevel.Debug : LogLevel.Information, "Kernel {Kernel} added from {Source} with BTF {Btf}", row.Id, row.Source, digest);
        return outcome;
    }

    private static Task<KernelRow?> FindAsync(ArchiveDb db, string id) => db.Kernels.Include(k => k.Modules).FirstOrDefaultAsync(k => k.Id == id);
}
