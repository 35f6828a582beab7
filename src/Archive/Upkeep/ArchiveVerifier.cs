using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Audit;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;
using Relo.Core.Bytes;

namespace Relo.Archive.Upkeep;

/// <summary>
/// Checks everything stored: the database with its own check, every BTF against its digest and by opening it (modules' on their kernels'),
/// its index against a new one, the layouts of kernels against their BTF, every object, the chain of the audit trail, and files that no row
/// names. Changes no data, and may run beside a service.
/// </summary>
internal sealed class ArchiveVerifier
{
    private readonly ArchiveFolders _folders;
    private readonly ArchiveBlobs _blobs;
    private readonly IIndexEngine _engine;

    public ArchiveVerifier(ArchiveFolders folders, ArchiveBlobs blobs, IIndexEngine engine) =>
        (_folders, _blobs, _engine) = (folders, blobs, engine);

    /// <summary>Verifies on all cores. The archive need not be open: damage that would prevent a start is reported as a fault.</summary>
    public async Task<VerifyReport> VerifyAsync(CancellationToken ct)
    {
        var faults = new ConcurrentBag<string>();
        // Files before rows: a file added meanwhile may look unused, but no file looks lost.
        var files = await _blobs.Btf.SizesAsync(ct);
        var objectFiles = (await _blobs.Objects.SizesAsync(ct)).Count;
        var database = await CheckDatabaseAsync(ct);
        foreach (var fault in database.Faults) faults.Add($"database: {fault}");
        var (kernels, objects) = (database.Kernels, database.Objects);
        if (kernels.Count + objects.Count == 0 && files.Count + objectFiles > 0)
            faults.Add(
                $"database: it names none of the {files.Count + objectFiles} files in {_blobs.Btf.NameOf(BlobPlace.Stored)} and "
                    + $"{_blobs.Objects.NameOf(BlobPlace.Stored)}; "
                + $"it may have been lost: restore it from a backup");
        // After the rows of the kernels: layouts that the service adds meanwhile are then those of the BTF in these rows, or of newer BTF.
        var layouts = database.Faults.Count > 0 ? new() : await LayoutCheck.ReadAsync(_engine, ct);
        if (layouts.Fault is { } unread) faults.Add($"database: {unread}");
        var audit = database.Faults.Count > 0 ? new() : await AuditCheck.ReadAsync(_engine, ct);
        if (audit.Fault is { } broken) faults.Add(broken);
        await CheckKernelsAsync(kernels, layouts, faults, ct);
        await CheckObjectsAsync(objects, faults, ct);

        foreach (var btf in kernels.SelectMany(k => k.Modules.Select(m => m.Btf).Prepend(k.Btf)))
            if (ParsedOrNull(btf) is { } digest) files.Remove(digest);
        if (files.Count > 0)
            foreach (var known in await _blobs.Btf.BasesAsync(ct)) files.Remove(known); // others are stored as differences to them
        if (database.Faults.Count > 0) files.Clear(); // an unreadable row may name files that look unused
        UnusedBlob[] unused =
        [
            .. files.OrderBy(file => file.Key.Hex, StringComparer.Ordinal).Select(file => new UnusedBlob(file.Key, file.Value))
        ];
        return new(
            kernels.Count, kernels.Sum(k => k.Modules.Count(m => InlineSites.BaseOf(m.Name) is null)),
            kernels.Select(k => k.Btf).Distinct(StringComparer.Ordinal).Count(),
            objects.Count, [.. faults.Order(StringComparer.Ordinal)], unused, await QuarantinedAsync(ct),
            audit.Count, audit.Head);
    }

    private async Task<DatabaseCheck> CheckDatabaseAsync(CancellationToken ct)
    {
        var check = new DatabaseCheck(_engine);
        await check.CheckPagesAsync(ct);
        try
        {
            if (check.Faults.Count == 0) await _engine.MigrateAsync(ct); // rows of an earlier version lack columns
        }
        catch (DbException)
        {
            // Reading the rows finds it again and names the table.
        }

        await check.ReadRowsAsync(ct);
        return check;
    }

    private async Task CheckKernelsAsync(List<KernelRow> kernels, LayoutCheck layouts, ConcurrentBag<string> faults, CancellationToken ct)
    {
        var (ids, readable) = (new HashSet<string>(StringComparer.Ordinal), new List<KernelRow>());
        foreach (var kernel in kernels)
        {
            if (!ids.Add(kernel.Id)) faults.Add($"{kernel.Id}: more than one row has this id");
            if (kernel.Id != KernelName.Id(kernel.Distro, kernel.Version, kernel.Arch, kernel.Release))
                faults.Add($"{kernel.Id}: its row has {kernel.Distro} {kernel.Version} {kernel.Arch} {kernel.Release}");
            if (FaultOf(kernel) is { } fault) faults.Add($"{kernel.Id}: {fault}");
            else readable.Add(kernel);
        }

        var check = new StoredBtfCheck(_blobs.Btf, _folders.Indexes, layouts);
        await Parallel.ForEachAsync(readable.GroupBy(k => k.Btf, StringComparer.Ordinal), Parallelism(ct), async (group, token) =>
        {
            var found = await check.FaultsOfAsync([.. group], token);
            if (found.Count == 0 || !await IsStillThereAsync(group, token)) return;
            foreach (var fault in found) faults.Add(fault);
        });
    }

    private static string? FaultOf(KernelRow row)
    {
        if (row.Modules.Select(m => m.Btf).Prepend(row.Btf).FirstOrDefault(btf => ParsedOrNull(btf) is null) is { } text)
            return $"its row has '{text}' as digest";
        try
        {
            _ = row.ToKernel();
            return null;
        }
        catch (DamagedDatabaseException e)
        {
            return e.Message;
        }
    }

    private Task CheckObjectsAsync(HashSet<Digest> objects, ConcurrentBag<string> faults, CancellationToken ct) =>
        Parallel.ForEachAsync(objects, Parallelism(ct), async (digest, token) =>
        {
            if (await FaultOfAsync(digest, token) is { } fault && await IsStillThereAsync(digest, token))
                faults.Add($"object {digest.Hex}: {fault}");
        });

    private static ParallelOptions Parallelism(CancellationToken ct) =>
        new() { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount };

    private static Digest? ParsedOrNull(string hex) => Digest.TryParse(hex, out var digest) ? digest : null;

    private async Task<List<string>> QuarantinedAsync(CancellationToken ct)
    {
        List<string> names = [];
        foreach (var store in new[] { _blobs.Btf, _blobs.Objects })
            await foreach (var (digest, _) in store.ListAsync(BlobPlace.Quarantined, ct))
                names.Add(store.NameOf(digest, BlobPlace.Quarantined));
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private async Task<string?> FaultOfAsync(Digest digest, CancellationToken ct)
    {
        var store = _blobs.Objects;
        try
        {
            using IDisposable? blob = await store.ReadAsync(digest, ct);
            if (blob is not null) return null;
            return await store.HasAsync(digest, ct, BlobPlace.Quarantined)
                ? $"its file was damaged and is in quarantine, {store.NameOf(digest, BlobPlace.Quarantined)}; upload the object again"
                : $"its file {store.NameOf(digest)} is missing; upload the object again";
        }
        catch (Exception e) when (e is CorruptBlobException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    // A running service may have replaced or deleted it after the rows were read.
    private Task<bool> IsStillThereAsync(IEnumerable<KernelRow> kernels, CancellationToken ct) => AskAsync(async db =>
    {
        foreach (var kernel in kernels)
        {
            var now = await db.Kernels.AsNoTracking().Include(k => k.Modules)
                .FirstOrDefaultAsync(k => k.Id == kernel.Id && k.Btf == kernel.Btf, ct);
            if (now is not null && kernel.Modules.TrueForAll(m => now.Modules.Exists(n => n.Name == m.Name && n.Btf == m.Btf))) return true;
        }

        return false;
    }, ct);

    private Task<bool> IsStillThereAsync(Digest digest, CancellationToken ct) =>
        AskAsync(db => db.Objects.AnyAsync(o => o.Digest == digest.Hex, ct), ct);

    private async Task<bool> AskAsync(Func<ArchiveDb, Task<bool>> isThere, CancellationToken ct)
    {
        try
        {
            await using var db = _engine.CreateDbContext();
            return await isThere(db);
        }
        catch (DbException)
        {
            return true; // it was read a moment ago
        }
    }
}
