using Microsoft.EntityFrameworkCore;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Upkeep;

/// <summary>Frees disk space: removes BTF that no kernel uses and, on demand, what can be restored. May run beside a service.</summary>
internal sealed class ArchivePruner
{
    private readonly ArchiveFolders _folders;
    private readonly ArchiveWriter _writer;
    private readonly IDbContextFactory<ArchiveDb> _contexts;
    private readonly KernelIndex _index;
    private readonly KernelStore _store;
    private readonly UnusedBtf _unused;

    public ArchivePruner(
        ArchiveFolders folders, ArchiveWriter writer, IDbContextFactory<ArchiveDb> contexts, KernelIndex index, KernelStore store,
        UnusedBtf unused) =>
        (_folders, _writer, _contexts, _index, _store, _unused) = (folders, writer, contexts, index, store, unused);

    /// <summary>Removes what <paramref name="request"/> names and returns what was, or in a dry run would be, removed.</summary>
    /// <exception cref="ArchiveStartupException">The database is damaged, so files that look unused may be in use.</exception>
    public async Task<PruneSummary> PruneAsync(PruneRequest request, CancellationToken ct)
    {
        var check = new DatabaseCheck(_folders);
        await check.CheckPagesAsync(ct);
        if (check.Faults is [var fault, ..])
            throw new ArchiveStartupException(
                $"nothing was removed, because {_folders.Database} is damaged: {fault}. 'verify' lists all faults");
        string[] fetched = request.Upstream ? [.. _index.Matching(new()).Where(k => k.Source == "upstream").Select(k => k.Id)] : [];
        // Measured before the files are removed.
        var unused = await UnusedBtfAsync(fetched, ct);
        var objects = request.Objects ? await UntaggedAsync(ct) : [];
        var indexes = IndexesWithout(digest => unused.ContainsKey(digest) || !_folders.Btf.Has(digest));
        var quarantined = Outlived();
        if (!request.DryRun)
        {
            foreach (var path in quarantined.Keys) File.Delete(path);
            foreach (var id in fetched) await _store.DeleteAsync(id, ct);
            await _unused.DropAsync([.. unused.Keys.Select(digest => digest.Hex)]);
            if (request.Objects) await DismissObjectsAsync(ct);
            Keep(unused, digest => !_folders.Btf.Has(digest)); // a kernel that uses it was added meanwhile
            Keep(objects, digest => !_folders.Objects.Has(digest));
            foreach (var index in IndexesWithout(digest => !_folders.Btf.Has(digest)).Keys) _folders.Indexes.Delete(index);
            Keep(indexes, index => _folders.Indexes.SizeOf(index) is null);
        }

        return new(
            fetched.Length, unused.Count, objects.Count,
            unused.Values.Sum() + objects.Values.Sum() + indexes.Values.Sum() + quarantined.Values.Sum());
    }

    /// <summary>Damaged files whose sound copy is back in place. The others are kept: they may be all that remains of a kernel.</summary>
    private Dictionary<string, long> Outlived() =>
        new[] { (Aside: _folders.QuarantinedBtf, Blobs: _folders.Btf), (Aside: _folders.QuarantinedObjects, Blobs: _folders.Objects) }
            .SelectMany(kind => Quarantine.In(kind.Aside).Where(kind.Blobs.Has)
                .Select(digest => new FileInfo(Path.Combine(kind.Aside, digest.Hex))))
        .Where(file => file.Exists)
        .ToDictionary(file => file.FullName, file => file.Length);

    private async Task<Dictionary<Digest, long>> UnusedBtfAsync(string[] leaving, CancellationToken ct)
    {
        var files = SizesOf(_folders.Btf);
        await using var db = await _contexts.CreateDbContextAsync(ct);
        var used = await db.BtfInUseAsync(except: leaving, ct);
        Keep(files, digest => !used.Contains(digest.Hex));
        return files;
    }

    // A tag marks an object to keep.
    private async Task<Dictionary<Digest, long>> UntaggedAsync(CancellationToken ct)
    {
        await using var db = await _contexts.CreateDbContextAsync(ct);
        var tagged = await db.Tags.Select(t => t.Digest).ToHashSetAsync(ct);
        var files = SizesOf(_folders.Objects);
        Keep(files, digest => !tagged.Contains(digest.Hex));
        return files;
    }

    // Rows before files: a row must have its file, and a file without a row is only an orphan at the next start.
    private Task<int> DismissObjectsAsync(CancellationToken ct)
    {
        List<Digest> dismissed = [];
        return _writer.WriteAsync(
            async db =>
            {
                dismissed =
                [
                    .. (await db.Objects.Where(o => o.Tags.Count == 0).Select(o => o.Digest).ToListAsync(CancellationToken.None))
                        .Select(Digest.Parse)
                ];
                return await db.Objects.Where(o => o.Tags.Count == 0).ExecuteDeleteAsync(CancellationToken.None);
            },
            _ => dismissed.ForEach(_folders.Objects.Delete),
            ct);
    }

    /// <summary>Indexes whose BTF, or whose base BTF, is missing.</summary>
    private Dictionary<IndexName, long> IndexesWithout(Func<Digest, bool> isGone) => _folders.Indexes.All()
        .Where(index => isGone(index.Btf) || (index.Base is { } kernel && isGone(kernel)))
        .ToDictionary(index => index, index => _folders.Indexes.SizeOf(index) ?? 0);

    private static Dictionary<Digest, long> SizesOf(BlobFolder folder) =>
        folder.All().ToDictionary(digest => digest, digest => folder.SizeOf(digest) ?? 0);

    private static void Keep<T>(Dictionary<T, long> sizes, Func<T, bool> which)
        where T : notnull
    {
        foreach (var key in sizes.Keys.Where(key => !which(key)).ToList()) sizes.Remove(key);
    }
}
