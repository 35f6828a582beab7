using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Opened;
using Relo.Core.Bytes;

namespace Relo.Archive.Upkeep;

/// <summary>
/// Looks at everything that is stored: the database's own check, every BTF against its digest and by opening it (modules' on their kernels'), its index against one made anew,
/// every object, and files that no row names. Reads only, and may run beside a service.
/// </summary>
public sealed class ArchiveVerifier
{
    private readonly ArchiveFolders _folders;
    private readonly IDbContextFactory<ArchiveDb> _contexts;

    internal ArchiveVerifier(ArchiveFolders folders, IDbContextFactory<ArchiveDb> contexts) => (_folders, _contexts) = (folders, contexts);

    /// <summary>Verifies, on all cores.</summary>
    public async Task<VerifyReport> VerifyAsync(CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        var faults = new ConcurrentBag<string>();
        foreach (var line in await CheckDatabaseAsync(db, ct)) faults.Add($"database: {line}");

        // Files before rows: what comes in meanwhile may look unused, but nothing looks lost.
        var files = _folders.Btf.All().ToHashSet();
        var kernels = await db.Kernels.AsNoTracking().Include(k => k.Modules).ToListAsync(ct);
        var objects = await db.Objects.AsNoTracking().ToListAsync(ct);
        foreach (var kernel in kernels.Where(k => k.Id != KernelName.Id(k.Distro, k.Version, k.Arch, k.Release))) faults.Add($"{kernel.Id}: its row says {kernel.Distro} {kernel.Version} {kernel.Arch} {kernel.Release}");

        var options = new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount };
        var check = new StoredBtfCheck(_folders);
        await Parallel.ForEachAsync(kernels.GroupBy(k => k.Btf, StringComparer.Ordinal), options, async (group, token) =>
        {
            var found = check.FaultsOf([.. group]).ToList();
            if (found.Count == 0 || !await IsStillThereAsync(group, token)) return;
            foreach (var fault in found) faults.Add(fault);
        });
        await Parallel.ForEachAsync(objects, options, async (row, token) =>
        {
            if (FaultOf(row) is { } fault && await IsStillThereAsync(row, token)) faults.Add($"object {row.Digest}: {fault}");
        });

        files.ExceptWith((await db.BtfInUseAsync(except: [], ct)).Select(Digest.Parse));
        UnusedBlob[] unused = [.. files.OrderBy(d => d.Hex, StringComparer.Ordinal).Select(d => new UnusedBlob(d, _folders.Btf.SizeOf(d) ?? 0))];
        return new(kernels.Count, kernels.Sum(k => k.Modules.Count(m => InlineSites.BaseOf(m.Name) is null)), kernels.Select(k => k.Btf).Distinct(StringComparer.Ordinal).Count(), objects.Count, [.. faults.Order(StringComparer.Ordinal)], unused, QuarantinedFiles(_folders));
    }

    /// <summary>The files in quarantine, in order.</summary>
    internal static IReadOnlyList<string> QuarantinedFiles(ArchiveFolders folders) =>
    [
        .. new[] { folders.QuarantinedBtf, folders.QuarantinedObjects }.SelectMany(folder => Quarantine.In(folder).Select(digest => Path.Combine(folder, digest.Hex))).Order(StringComparer.Ordinal),
    ];

    private static async Task<List<string>> CheckDatabaseAsync(ArchiveDb db, CancellationToken ct)
    {
        var lines = await db.Database.SqlQuery<string>($"PRAGMA integrity_check").ToListAsync(ct);
        return lines is ["ok"] ? [] : lines;
    }

    private string? FaultOf(ObjectRow row)
    {
        var digest = Digest.Parse(row.Digest);
        try
        {
            using IDisposable? blob = MappedBlob.Open(_folders.Objects.PathOf(digest), digest);
            if (blob is not null) return null;
            var aside = Path.Combine(_folders.QuarantinedObjects, digest.Hex);
            return File.Exists(aside) ? $"its file was damaged and is in quarantine, {aside}; upload it again" : $"there is no file {_folders.Objects.PathOf(digest)}; upload it again";
        }
        catch (Exception e) when (e is CorruptBlobException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    // A service beside us may have replaced or deleted it between reading the rows and looking for the files.
    private async Task<bool> IsStillThereAsync(IEnumerable<KernelRow> kernels, CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        foreach (var kernel in kernels)
        {
            var now = await db.Kernels.AsNoTracking().Include(k => k.Modules).FirstOrDefaultAsync(k => k.Id == kernel.Id && k.Btf == kernel.Btf, ct);
            if (now is not null && kernel.Modules.TrueForAll(m => now.Modules.Exists(n => n.Name == m.Name && n.Btf == m.Btf))) return true;
        }

        return false;
    }

    private async Task<bool> IsStillThereAsync(ObjectRow row, CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        return await db.Objects.AnyAsync(o => o.Digest == row.Digest, ct);
    }
}

/// <summary>How the archive is.</summary>
/// <param name="Kernels">Kernels in the index.</param>
/// <param name="Modules">Modules of theirs.</param>
/// <param name="Btf">Different BTF among the kernels.</param>
/// <param name="Objects">Kept objects.</param>
/// <param name="Faults">What is wrong, each with the kernels or object it belongs to.</param>
/// <param name="Unused">BTF that no kernel and no module has: a killed import or upload leaves it, and the next of that kernel takes it up. No fault; pruning removes it.</param>
/// <param name="Quarantined">Damaged files that were set aside. No fault by themselves: what is not back yet is among <paramref name="Faults"/>. Pruning removes those that are.</param>
public sealed record VerifyReport(int Kernels, int Modules, int Btf, int Objects, IReadOnlyList<string> Faults, IReadOnlyList<UnusedBlob> Unused, IReadOnlyList<string> Quarantined);

/// <summary>BTF that no kernel has.</summary>
/// <param name="Btf">Its digest.</param>
/// <param name="SizeBytes">Its size.</param>
public sealed record UnusedBlob(Digest Btf, long SizeBytes);
