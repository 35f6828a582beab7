using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Archive.Upkeep;

/// <summary>
/// Looks at everything that is stored: the database's own check, every BTF against its digest and by opening it, every object, and files that
/// no row names. Reads only, and may run beside a service.
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
        var kernels = await db.Kernels.AsNoTracking().ToListAsync(ct);
        var objects = await db.Objects.AsNoTracking().ToListAsync(ct);
        foreach (var kernel in kernels.Where(k => k.Id != KernelName.Id(k.Distro, k.Version, k.Arch, k.Release))) faults.Add($"{kernel.Id}: its row says {kernel.Distro} {kernel.Version} {kernel.Arch} {kernel.Release}");

        var options = new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = Environment.ProcessorCount };
        await Parallel.ForEachAsync(kernels.GroupBy(k => k.Btf, StringComparer.Ordinal), options, async (group, token) =>
        {
            if (FaultOf([.. group]) is { } fault && await IsStillThereAsync(group.Select(k => k.Id), token)) faults.Add($"{string.Join(", ", group.Select(k => k.Id))}: {fault}");
        });
        await Parallel.ForEachAsync(objects, options, async (row, token) =>
        {
            if (FaultOf(row) is { } fault && await IsStillThereAsync(row, token)) faults.Add($"object {row.Digest}: {fault}");
        });

        files.ExceptWith((await db.BtfInUseAsync(except: [], ct)).Select(Digest.Parse));
        UnusedBlob[] unused = [.. files.OrderBy(d => d.Hex, StringComparer.Ordinal).Select(d => new UnusedBlob(d, _folders.Btf.SizeOf(d) ?? 0))];
        return new(kernels.Count, kernels.Select(k => k.Btf).Distinct(StringComparer.Ordinal).Count(), objects.Count, [.. faults.Order(StringComparer.Ordinal)], unused);
    }

    private static async Task<List<string>> CheckDatabaseAsync(ArchiveDb db, CancellationToken ct)
    {
        var lines = await db.Database.SqlQuery<string>($"PRAGMA integrity_check").ToListAsync(ct);
        return lines is ["ok"] ? [] : lines;
    }

    private string? FaultOf(KernelRow[] sharing)
    {
        var digest = Digest.Parse(sharing[0].Btf);
        try
        {
            using IDisposable? blob = MappedBlob.Open(_folders.Btf.PathOf(digest), digest);
            if (blob is not MappedBlob { Memory: var bytes }) return $"there is no file {_folders.Btf.PathOf(digest)}";
            BtfReader.Read(bytes);
            return Array.Find(sharing, k => k.BtfSizeBytes != bytes.Length) is { } other ? $"its row says {other.BtfSizeBytes} bytes, the file has {bytes.Length}" : null;
        }
        catch (CorruptBlobException e)
        {
            return e.Message;
        }
        catch (MalformedObjectException e)
        {
            return $"its BTF cannot be opened: {e.Message}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"its BTF cannot be read: {e.Message}";
        }
    }

    private string? FaultOf(ObjectRow row)
    {
        var digest = Digest.Parse(row.Digest);
        try
        {
            using IDisposable? blob = MappedBlob.Open(_folders.Objects.PathOf(digest), digest);
            return blob is null ? $"there is no file {_folders.Objects.PathOf(digest)}" : null;
        }
        catch (Exception e) when (e is CorruptBlobException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    // A service beside us may have deleted it between reading the rows and looking for the file.
    private async Task<bool> IsStillThereAsync(IEnumerable<string> ids, CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        var wanted = ids.ToList();
        return await db.Kernels.AnyAsync(k => wanted.Contains(k.Id), ct);
    }

    private async Task<bool> IsStillThereAsync(ObjectRow row, CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        return await db.Objects.AnyAsync(o => o.Digest == row.Digest, ct);
    }
}

/// <summary>How the archive is.</summary>
/// <param name="Kernels">Kernels in the index.</param>
/// <param name="Btf">Different BTF among them.</param>
/// <param name="Objects">Kept objects.</param>
/// <param name="Faults">What is wrong, each with the kernels or object it belongs to.</param>
/// <param name="Unused">BTF that no kernel has: a killed import or upload leaves it, and the next of that kernel takes it up. No fault; pruning removes it.</param>
public sealed record VerifyReport(int Kernels, int Btf, int Objects, IReadOnlyList<string> Faults, IReadOnlyList<UnusedBlob> Unused);

/// <summary>BTF that no kernel has.</summary>
/// <param name="Btf">Its digest.</param>
/// <param name="SizeBytes">Its size.</param>
public sealed record UnusedBlob(Digest Btf, long SizeBytes);
