using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Core.Bytes;

namespace Relo.Archive.Damage;

/// <summary>
/// Blobs that no row names. They are moved to <c>orphans/</c> and never deleted, because the database may have been lost. A start with a
/// database that names them, such as a backup, moves them back.
/// </summary>
internal sealed class Orphans(ArchiveBlobs blobs, IIndexEngine engine, ArchiveWriter writer, ILogger<Orphans> log)
{
    /// <summary>Moves out blobs that the database does not name, moves back blobs that it names again, and logs both.</summary>
    public async Task SettleAsync(CancellationToken ct)
    {
        // Blobs before rows: a blob is always written before its row.
        var objects = await blobs.Objects.SizesAsync(ct);
        await using var reader = await ArchiveReader.OpenAsync(engine, ct);
        var knownBtf = await reader.BtfInUseAsync(ct);
        var knownObjects = await reader.ObjectsAsync(ct);
        var returned = await ReturnAsync(blobs.Btf, knownBtf.Contains, ct) + await ReturnAsync(blobs.Objects, knownObjects.Contains, ct);
        if (returned > 0)
            log.LogInformation(
                "{Files} files that have a database row again were moved back from {Folders}", returned, Folders);

        // If only some BTF has no row, it stays: a killed import leaves it, and the next import of that kernel uses it.
        var isEveryBtfUnknown = knownBtf.Count == 0 && await HasAnyAsync(blobs.Btf, ct);
        List<Digest> unknown = [.. objects.Keys.Where(digest => !knownObjects.Contains(digest))];
        if (!isEveryBtfUnknown && unknown.Count == 0) return;
        // Another process may be about to write the row. In the writer's turn, no other process can.
        var (btf, moved) = await writer.WriteAsync(db => MoveUnknownAsync(db, unknown), _ => { }, ct, isLong: true);
        if (btf + moved > 0) Report(btf, moved);
    }

    private async Task<(int Btf, int Objects)> MoveUnknownAsync(ArchiveDb db, List<Digest> unknown)
    {
        List<Digest> objects = [];
        foreach (var digest in unknown)
            if (!await db.Objects.AnyAsync(o => o.Digest == digest.Hex)) objects.Add(digest);
        var moved = await MoveOutAsync(blobs.Objects, objects);
        if (await db.Kernels.AnyAsync()) return (0, moved);
        return (await MoveOutAsync(blobs.Btf, (await blobs.Btf.SizesAsync(CancellationToken.None)).Keys), moved);
    }

    private static async Task<int> MoveOutAsync(IBlobStore store, IEnumerable<Digest> unknown)
    {
        var moved = 0;
        foreach (var digest in unknown)
            if (await store.MoveAsync(digest, BlobPlace.Stored, BlobPlace.Orphaned, CancellationToken.None)) moved++;
        return moved;
    }

    private static async Task<int> ReturnAsync(IBlobStore store, Func<Digest, bool> isKnown, CancellationToken ct)
    {
        var returned = 0;
        foreach (var digest in (await store.SizesAsync(ct, BlobPlace.Orphaned)).Keys.Where(isKnown))
        {
            if (!await store.HasAsync(digest, ct) && await store.MoveAsync(digest, BlobPlace.Orphaned, BlobPlace.Stored, ct)) returned++;
        }

        return returned;
    }

    private static async Task<bool> HasAnyAsync(PackedBlobs store, CancellationToken ct)
    {
        await foreach (var _ in store.ListAsync(BlobPlace.Stored, ct)) return true;
        return false;
    }

    private string Folders => $"{blobs.Btf.NameOf(BlobPlace.Orphaned)} and {blobs.Objects.NameOf(BlobPlace.Orphaned)}";

    private void Report(int btf, int objects) => log.LogWarning(
        "{Btf} BTF and {Objects} objects without a database row were moved to {Folders}; nothing was deleted. "
        + "If the database was lost, restore it from a backup and restart: the files return. "
        + "Without a backup, add the kernels (import, or POST /v1/kernels) and objects again, then delete the folders",
        btf, objects, Folders);
}
