using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relo.Archive.Index;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>
/// Files that no row names. They are moved to <c>orphans/</c> and never deleted, because the database may have been lost. A start with a
/// database that names them, such as a backup, moves them back.
/// </summary>
internal sealed class Orphans(ArchiveFolders folders, ArchiveDatabase database, ArchiveWriter writer, ILogger<Orphans> log)
{
    /// <summary>Moves out files that the database does not name, moves back files that it names again, and logs both.</summary>
    public async Task SettleAsync(CancellationToken ct)
    {
        // Files before rows: a file is always written before its row.
        var objects = folders.Objects.All().ToList();
        var btf = folders.Btf.All().ToList();
        await using var reader = await database.ReadAsync(ct);
        var knownBtf = await reader.BtfInUseAsync(ct);
        var knownObjects = await reader.ObjectsAsync(ct);
        var returned = Return(folders.OrphanedBtf, folders.Btf, knownBtf.Contains)
            + Return(folders.OrphanedObjects, folders.Objects, knownObjects.Contains);
        if (returned > 0)
            log.LogInformation("{Files} files that the database names again were moved back from {Folder}", returned, folders.Orphans);

        // If only some BTF has no row, it stays: a killed import leaves it, and the next import of that kernel uses it.
        var isEveryBtfUnknown = knownBtf.Count == 0 && btf.Count > 0;
        if (!isEveryBtfUnknown && objects.TrueForAll(knownObjects.Contains)) return;
        // Another process may be about to write the row. In the writer's turn, no other process can.
        var moved = await writer.WriteAsync(MoveUnknownAsync, _ => { }, ct);
        if (moved.Count > 0) Report(moved);
    }

    private async Task<List<Digest>> MoveUnknownAsync(ArchiveDb db)
    {
        var known = (await db.Objects.Select(o => o.Digest).ToListAsync()).ConvertAll(Digest.Parse).ToHashSet();
        List<Digest> moved =
        [
            .. folders.Objects.All().Where(digest => !known.Contains(digest)).ToList()
                .Where(digest => folders.Objects.Move(digest, folders.OrphanedObjects))
        ];
        if ((await db.BtfInUseAsync([], CancellationToken.None)).Count > 0) return moved;
        return [.. moved, .. folders.Btf.All().ToList().Where(digest => folders.Btf.Move(digest, folders.OrphanedBtf))];
    }

    private static int Return(string from, BlobFolder to, Func<Digest, bool> isKnown) =>
        Quarantine.In(from).Where(digest => isKnown(digest) && !to.Has(digest)).ToList().Count(digest => to.Take(digest, from));

    private void Report(List<Digest> moved)
    {
        var btf = moved.Count(digest => File.Exists(Path.Combine(folders.OrphanedBtf, digest.Hex)));
        log.LogWarning(
            "{Btf} BTF and {Objects} objects that the database {Database} does not name were moved to {Folder}; nothing was deleted. "
            + "If the database was lost, put a backup of it in its place and restart: the files return. "
            + "Without a backup, add the kernels (import, or POST /v1/kernels) and objects again, then delete the folder",
            btf, moved.Count - btf, folders.Database, folders.Orphans);
    }
}
