using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.KernelFiles;
using Relo.Archive.Naming;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Kernels.Store;

/// <summary>
/// Adds kernels to the archive and deletes them. Writes the blob before the row, so that after a crash every row has its blob. A blob
/// without a row is only unused space, and adding the kernel again reuses it.
/// </summary>
internal sealed class KernelStore
{
    private readonly KernelFileReading _files;
    private readonly IBlobStore _btf;
    private readonly ArchiveWriter _writer;
    private readonly KernelIndex _index;
    private readonly UnusedBtf _unused;
    private readonly ModuleStore _modules;
    private readonly TimeProvider _clock;
    private readonly ILogger<KernelStore> _log;

    public KernelStore(
        KernelFileReading files, ArchiveBlobs blobs, ArchiveWriter writer, KernelIndex index, UnusedBtf unused, ModuleStore modules,
        TimeProvider clock, ILogger<KernelStore> log) =>
        (_files, _btf, _writer, _index, _unused, _modules, _clock, _log) =
            (files, blobs.Btf, writer, index, unused, modules, clock, log);

    /// <summary>Adds the kernel in <paramref name="file"/>, or a module whose kernel the archive already has.</summary>
    /// <param name="file">Raw BTF or a container of it, recognised by content.</param>
    /// <param name="given">The caller's description, which wins over the file's own data.</param>
    /// <param name="source"><c>host</c>, <c>import</c>, <c>upload</c>, <c>upstream</c>.</param>
    /// <param name="replace">Whether to replace other BTF under the same id.</param>
    /// <param name="ct">Cancels before the kernel is written.</param>
    public Task<AddOutcome> AddAsync(
        ReadOnlyMemory<byte> file, KernelDescription given, string source, bool replace, CancellationToken ct) =>
        AddAsync(file, given, source, replace, stamp: null, ct);

    internal async Task<AddOutcome> AddAsync(
        ReadOnlyMemory<byte> file, KernelDescription given, string source, bool replace, FileStamp? stamp, CancellationToken ct)
    {
        KernelFile read;
        try
        {
            read = await _files.ReadAsync(file, keepsModules: true, ct);
        }
        catch (KernelFileException e)
        {
            return new Rejected(e.Code, e.Message);
        }

        return await AddAsync(read, given, source, replace, stamp, ct);
    }

    /// <summary>Adds what was read from a file.</summary>
    internal async Task<AddOutcome> AddAsync(
        KernelFile read, KernelDescription given, string source, bool replace, FileStamp? stamp, CancellationToken ct)
    {
        if (read.Module is not null || !string.IsNullOrWhiteSpace(given.Module)) return await _modules.AddAsync(read, given, replace, ct);
        if (read.Btf.IsEmpty) return await _modules.AddPackageAsync(read, given, replace, ct);
        var (outcome, isWhole) = await AddKernelAsync(read, given, source, replace, stamp, ct);
        return isWhole || !HasModules(read) ? outcome : outcome switch
        {
            Added added => await _modules.AddAllAsync([added.Kernel], read, replace, ct) switch
            {
                // The kernel is new even if its modules were not added.
                Added both => both,
                AlreadyThere there => new Added(there.Kernel) { Notes = there.Notes },
                var other => other,
            },
            AlreadyThere there => await _modules.AddAllAsync([there.Kernel], read, replace, ct),
            _ => outcome,
        };
    }

    /// <summary>Adds modules whose kernel the archive already has.</summary>
    internal Task<AddOutcome> AddModulesAsync(KernelFile modules, CancellationToken ct) =>
        _modules.AddPackageAsync(modules, new(), replace: false, ct);

    private static bool HasModules(KernelFile read) => read.Modules.Count > 0 || !read.Inline.IsEmpty;

    /// <returns>The outcome, and whether the modules were added with the kernel.</returns>
    private async Task<(AddOutcome Outcome, bool IsWhole)> AddKernelAsync(
        KernelFile read, KernelDescription given, string source, bool replace, FileStamp? stamp, CancellationToken ct)
    {
        if (!KernelDescribing.TryDescribe(given, read, out var named, out var fault))
            return (new Rejected(Rejected.InvalidKernel, fault), false);
        var digest = Digest.Of(read.Btf.Span);
        var row = RowOf(named, read, given, source, digest, stamp);
        var known = _index.Find(row.Id);
        var isNews = stamp is not null || (row.BuildId is not null && known?.BuildId is null)
            || (row.Banner is not null && known?.Banner != row.Banner);
        if (known?.Btf == digest && !isNews && await _btf.HasAsync(digest, ct))
        {
            // Writes again, because the existing blob may be damaged.
            await _btf.PutAsync(digest, read.Btf, ct);
            _index.Mark(digest, isDamaged: false);
            return (new AlreadyThere(_index.Find(row.Id) ?? known), false);
        }

        if (known is not null && known.Btf != digest && !replace) return (new Conflict(known), false);
        // BTF with a known digest was checked when it was added.
        if (known?.Btf != digest && Check(read.Btf) is { } broken) return (broken, false);
        await _btf.PutAsync(digest, read.Btf, ct);
        // In one transaction: a process that was killed between two would leave a kernel that counts as present without its modules.
        var modules = known?.Btf != digest && HasModules(read) ? await _modules.CheckAsync(row.ToKernel(), read, ct) : null;
        var (outcome, isWhole) = await WriteAsync(row, digest, read.Btf, modules?.Modules, replace, ct);
        return (outcome is Added added && isWhole ? added with { Notes = modules!.Value.Notes } : outcome, isWhole);
    }

    private KernelRow RowOf(
        KernelDescribing.Parts named, KernelFile read, KernelDescription given, string source, Digest digest, FileStamp? stamp) => new()
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

    /// <summary>Deletes a kernel and its modules, and their BTF if no other kernel uses it.</summary>
    /// <returns>Whether there was such a kernel.</returns>
    public async Task<bool> DeleteAsync(string id, CancellationToken ct)
    {
        var unused = await _writer.WriteAsync<string[]>(
            async db =>
            {
                if (await FindAsync(db, id) is not { } row) return [];
                db.Kernels.Remove(row); // cascades to its modules
                return [row.Btf, .. row.Modules.Select(m => m.Btf)];
            },
            _ => _index.Remove(id),
            ct);
        if (unused.Length == 0) return false;
        await _unused.DropAsync(unused);
        _log.LogInformation("Kernel {Kernel} deleted", id);
        return true;
    }

    /// <summary>Restores damaged or missing BTF.</summary>
    /// <returns>Whether a kernel still uses it.</returns>
    internal Task<bool> RestoreAsync(Digest btf, ReadOnlyMemory<byte> bytes, CancellationToken ct) => _writer.WriteAsync(
        async db =>
        {
            if (!await db.Kernels.AnyAsync(k => k.Btf == btf.Hex)) return false;
            await _btf.PutAsync(btf, bytes, CancellationToken.None);
            return true;
        },
        isBack =>
        {
            if (isBack) _index.Mark(btf, isDamaged: false);
        },
        ct);

    internal Task<bool> HasBtfOfAsync(Kernel kernel, CancellationToken ct) => _btf.HasAsync(kernel.Btf, ct);

    private static Rejected? Check(ReadOnlyMemory<byte> btf)
    {
        try
        {
            // Archives contain valid but empty BTF, left by tools that failed.
            return BtfReader.Read(btf).Count > 1 ? null : new Rejected(Rejected.InvalidBtf, "the BTF holds no types", ".BTF", 0);
        }
        catch (MalformedObjectException e)
        {
            return new Rejected(Rejected.InvalidBtf, e.Message, e.Section, e.Offset);
        }
    }

    private async Task<(AddOutcome Outcome, bool IsWhole)> WriteAsync(
        KernelRow row, Digest digest, ReadOnlyMemory<byte> btf, CheckedModules? modules, bool replace, CancellationToken ct)
    {
        var (outcome, replaced) = await _writer.WriteAsync(
            db => PutRowAsync(db, row, digest, btf, modules, replace),
            written =>
            {
                _index.Mark(digest, isDamaged: false);
                if (written.Outcome is Added added) _index.Put(added.Kernel);
                else if (written.Outcome is AlreadyThere there) _index.Put(there.Kernel); // another process may have added it
                else if (written.Outcome is Conflict conflict) _index.Put(conflict.Existing);
            },
            ct);
        if (outcome is Conflict) await _unused.DropAsync([digest.Hex, .. (modules?.Digests ?? []).Select(d => d.Hex)]);
        var isWhole = outcome is Added && modules is not null;
        if (isWhole) _modules.AddedWith(((Added)outcome).Kernel, modules!);
        await _unused.DropAsync(replaced);
        if (outcome is Added)
        {
            // An import adds thousands of kernels and logs a summary.
            var level = row.Source == "import" ? LogLevel.Debug : LogLevel.Information;
            _log.Log(level, "Kernel {Kernel} added from {Source} with BTF {Btf}", row.Id, row.Source, digest);
        }

        return (outcome, isWhole);
    }

    /// <returns>The outcome, and the BTF that was replaced.</returns>
    private async Task<(AddOutcome Outcome, List<string> Replaced)> PutRowAsync(
        ArchiveDb db, KernelRow row, Digest digest, ReadOnlyMemory<byte> btf, CheckedModules? modules, bool replace)
    {
        // A deletion may have removed the blob since; from here on, deletions wait for this transaction.
        if (!await _btf.HasAsync(digest, CancellationToken.None)) await _btf.PutAsync(digest, btf, CancellationToken.None);
        if (await FindAsync(db, row.Id) is not { } existing)
        {
            await PutModulesAsync(row, modules);
            db.Kernels.Add(row);
            return (new Added(row.ToKernel()), []);
        }

        if (existing.Btf == row.Btf)
        {
            existing.Learn(row);
            return (new AlreadyThere(existing.ToKernel()), []);
        }

        if (!replace) return (new Conflict(existing.ToKernel()), []);
        List<string> replaced = [existing.Btf, .. existing.Modules.Select(m => m.Btf)];
        db.Entry(existing).CurrentValues.SetValues(row);
        await PutModulesAsync(existing, modules);
        return (new Added(existing.ToKernel()), replaced);
    }

    // The existing modules need the replaced BTF, or were added by an earlier run of the transaction.
    private async Task PutModulesAsync(KernelRow row, CheckedModules? modules)
    {
        row.Modules.Clear();
        if (modules is null) return;
        await modules.StoreMissingAsync(_btf);
        ModuleRows.Merge(row, modules.RowsAt(_clock.GetUtcNow()), []);
    }

    private static Task<KernelRow?> FindAsync(ArchiveDb db, string id) =>
        db.Kernels.Include(k => k.Modules).FirstOrDefaultAsync(k => k.Id == id);
}
