using Microsoft.EntityFrameworkCore;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.Opened;
using Relo.Core.Bytes;

namespace Relo.Archive.Kernels.Store;

/// <summary>Deletes BTF that no kernel or module uses.</summary>
internal sealed class UnusedBtf(ArchiveBlobs blobs, ArchiveFolders folders, ArchiveWriter writer, BtfCache cache)
{
    // Limits how long others wait for their turn: a kernel may have four thousand modules.
    private const int AtOnce = 50;

    /// <summary>
    /// Deletes those that are unused, some at a time. Checks and deletes in one transaction, so that no other process can add a kernel with
    /// this BTF in between.
    /// </summary>
    public async Task DropAsync(IReadOnlyCollection<string> hexDigests)
    {
        foreach (var some in hexDigests.Distinct(StringComparer.Ordinal).Chunk(AtOnce))
            await writer.WriteAsync(
                db => DropAsync(db, [.. some]), dropped => dropped.ForEach(cache.Forget), CancellationToken.None);
    }

    private async Task<List<Digest>> DropAsync(ArchiveDb db, List<string> hexDigests)
    {
        var used = await db.Kernels.Where(k => hexDigests.Contains(k.Btf)).Select(k => k.Btf)
            .Concat(db.Modules.Where(m => hexDigests.Contains(m.Btf)).Select(m => m.Btf)).ToListAsync();
        List<Digest> unused = [.. hexDigests.Except(used, StringComparer.Ordinal).Select(Digest.Parse)];
        foreach (var digest in unused)
        {
            await blobs.Btf.DeleteAsync(digest, CancellationToken.None);
            foreach (var index in folders.Indexes.Of(digest)) folders.Indexes.Delete(index);
        }

        return unused;
    }
}
