using Microsoft.EntityFrameworkCore;
using Relo.Archive.Blobs;
using Relo.Archive.Differences;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels.Store;
using Relo.Archive.Objects;
using Relo.Core.Bytes;

namespace Relo.Archive.Upkeep;

/// <summary>Frees disk space: removes BTF that no kernel uses and, on demand, what can be restored. May run while a service runs.</summary>
internal sealed class ArchivePruner
{
    private readonly ArchiveFolders _folders;
    private readonly ArchiveBlobs _blobs;
    private readonly ArchiveWriter _writer;
    private readonly IIndexEngine _engine;
    private readonly KernelIndex _index;
    private readonly KernelStore _store;
    private readonly UnusedBtf _unused;
    private readonly UnusedBases _bases;
    private readonly ObjectRemoval _removal;

    public ArchivePruner(
        ArchiveFolders folders, ArchiveBlobs blobs, ArchiveWriter writer, IIndexEngine engine, KernelIndex index,
        KernelStore store, UnusedBtf unused, UnusedBases bases, ObjectRemoval removal) =>
        (_folders, _blobs, _writer, _engine, _index, _store, _unused, _bases, _removal) =
            (folders, blobs, writer, engine, index, store, unused, bases, removal);

    /// <summary>Removes the data that <paramref name="request"/> selects; a dry run only counts it.</summary>
    /// <exception cref="ArchiveStartupException">The database is damaged, so files that look unused may be in use.</exception>
    public async Task<PruneSummary> PruneAsync(PruneRequest request, CancellationToken ct)
    {
        var check = new DatabaseCheck(_engine);
        await check.CheckPagesAsync(ct);
        if (check.Faults is [var fault, ..])
            throw new ArchiveStartupException(
                $"nothing was removed, because {_engine.Name} is damaged: {fault}. 'verify' lists all faults");
        string[] fetched = request.Upstream ? [.. _index.Matching(new()).Where(k => k.Source == "upstream").Select(k => k.Id)] : [];
        // Measured before the files are removed.
        var unused = await UnusedBtfAsync(fetched, ct);
        var objects = request.Objects ? await UntaggedAsync(ct) : [];
        var btf = await _blobs.Btf.SizesAsync(ct);
        var indexes = IndexesWithout(digest => unused.ContainsKey(digest) || !btf.ContainsKey(digest), fetched);
        var quarantined = await ReplacedAsync(_blobs.Btf, request.DryRun, ct) + await ReplacedAsync(_blobs.Objects, request.DryRun, ct);
        if (!request.DryRun)
        {
            foreach (var id in fetched) await _store.DeleteAsync(id, ct);
            await _unused.DropAsync([.. unused.Keys.Select(digest => digest.Hex)]);
            await _bases.SweepAsync(ct);
            if (request.Objects) await _removal.RemoveUntaggedAsync(ct);
            btf = await _blobs.Btf.SizesAsync(ct);
            var keptObjects = await _blobs.Objects.SizesAsync(ct);
            Keep(unused, digest => !btf.ContainsKey(digest)); // a kernel that uses it was added meanwhile
            Keep(objects, digest => !keptObjects.ContainsKey(digest));
            foreach (var index in IndexesWithout(digest => !btf.ContainsKey(digest), fetched).Keys) _folders.Indexes.Delete(index);
            Keep(indexes, index => _folders.Indexes.SizeOf(index) is null);
        }

        return new(
            fetched.Length, unused.Count, objects.Count,
            unused.Values.Sum() + objects.Values.Sum() + indexes.Values.Sum() + quarantined);
    }

    /// <summary>
    /// Removes damaged blobs whose sound copy is back in place. The others are kept: they may be all that remains of a kernel.
    /// </summary>
    /// <returns>Their bytes.</returns>
    private static async Task<long> ReplacedAsync(IBlobStore store, bool isDryRun, CancellationToken ct)
    {
        var bytes = 0L;
        foreach (var (digest, size) in await store.SizesAsync(ct, BlobPlace.Quarantined))
        {
            if (!await store.HasAsync(digest, ct)) continue;
            if (!isDryRun) await store.DeleteAsync(digest, ct, BlobPlace.Quarantined);
            bytes += size;
        }

        return bytes;
    }

    private async Task<Dictionary<Digest, long>> UnusedBtfAsync(string[] leaving, CancellationToken ct)
    {
        var files = await _blobs.Btf.SizesAsync(ct);
        await using var db = _engine.CreateDbContext();
        var used = await db.BtfInUseAsync(except: leaving, ct);
        Keep(files, digest => !used.Contains(digest));
        if (files.Count == 0) return files;
        var bases = await _blobs.Btf.BasesAsync(ct);
        Keep(files, digest => !bases.Contains(digest));
        return files;
    }

    // A tag marks an object to keep.
    private async Task<Dictionary<Digest, long>> UntaggedAsync(CancellationToken ct)
    {
        await using var db = _engine.CreateDbContext();
        var tagged = await db.Tags.Select(t => t.Digest).ToHashSetAsync(ct);
        var files = await _blobs.Objects.SizesAsync(ct);
        Keep(files, digest => !tagged.Contains(digest.Hex));
        return files;
    }

    /// <summary>Indexes whose BTF, or whose base BTF, is missing, and tables of the names in modules that no kernel has.</summary>
    private Dictionary<IndexName, long> IndexesWithout(Func<Digest, bool> isGone, string[] leaving) => _folders.Indexes.All()
        .Where(index => isGone(index.Btf) || (index.Base is { } known && isGone(known) && !IsOfModules(index, leaving)))
        .ToDictionary(index => index, index => _folders.Indexes.SizeOf(index) ?? 0);

    // The base of such a table is the digest of a list, never of BTF.
    private bool IsOfModules(IndexName index, string[] leaving) =>
        _index.WithBtf(index.Btf).Any(kernel => !leaving.Contains(kernel.Id) && IndexName.OfModules(kernel) == index);

    private static void Keep<T>(Dictionary<T, long> sizes, Func<T, bool> which)
        where T : notnull
    {
        foreach (var key in sizes.Keys.Where(key => !which(key)).ToList()) sizes.Remove(key);
    }
}
