using Microsoft.EntityFrameworkCore;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.Opened;
using Relo.Core.Bytes;

namespace Relo.Archive.Kernels.Store;

/// <summary>Deletes BTF that no kernel or module uses.</summary>
internal sealed class UnusedBtf(ArchiveBlobs blobs, ArchiveFolders folders, ArchiveWriter writer, BtfCache cache)
{
    /// <summary>Checks and deletes in one transaction, so that no other process can add a kernel with this BTF in between.</summary>
    public async Task DropAsync(IReadOnlyCollection<string> hexDigests)
    {
        if (hexDigests.Count == 0) return;
        await writer.WriteAsync(
            async db =>
            {
                var dropped = new List<Digest>();
                foreach (var hex in hexDigests.Distinct(StringComparer.Ordinal))
                {
                    if (await db.Kernels.AnyAsync(k => k.Btf == hex) || await db.Modules.AnyAsync(m => m.Btf == hex)) continue;
                    var digest = Digest.Parse(hex);
                    await blobs.Btf.DeleteAsync(digest, CancellationToken.None);
                    foreach (var index in folders.Indexes.Of(digest)) folders.Indexes.Delete(index);
                    dropped.Add(digest);
                }

                return dropped;
            },
            dropped => dropped.ForEach(cache.Forget),
            CancellationToken.None);
    }
}
