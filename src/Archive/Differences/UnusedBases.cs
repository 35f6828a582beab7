using Microsoft.EntityFrameworkCore;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Core.Bytes;

namespace Relo.Archive.Differences;

/// <summary>
/// Deletes packed BTF that no kernel uses and to which nothing is stored as a difference. Deleting a kernel leaves its BTF if it is a base.
/// </summary>
internal sealed class UnusedBases(ArchiveBlobs blobs, ArchiveWriter writer, IIndexEngine engine)
{
    private readonly PackedBlobs _btf = blobs.Btf;

    /// <summary>Deletes them.</summary>
    /// <returns>The number deleted.</returns>
    public async Task<int> SweepAsync(CancellationToken ct)
    {
        await using var alone = await engine.TryLockAsync(BtfPacker.LockName, ct);
        if (alone is null) return 0;
        var seen = (await _btf.Packed.SizesAsync(ct)).Keys.ToHashSet();
        HashSet<Digest> unused = [.. seen];
        await using (var db = engine.CreateDbContext())
            unused.ExceptWith(await db.BtfInUseAsync(except: [], ct));
        if (unused.Count == 0) return 0;
        unused.ExceptWith(await _btf.BasesAsync(ct));
        return unused.Count == 0 ? 0 : await writer.WriteAsync(db => DeleteAsync(db, seen, unused), _ => { }, ct);
    }

    private async Task<int> DeleteAsync(ArchiveDb db, HashSet<Digest> seen, HashSet<Digest> unused)
    {
        // With SQLite, another process may be packing: what it packed since may need one of these. The next sweep sees it.
        if ((await _btf.Packed.SizesAsync(CancellationToken.None)).Keys.Any(digest => !seen.Contains(digest))) return 0;
        var deleted = 0;
        foreach (var digest in unused)
        {
            if (await db.Kernels.AnyAsync(kernel => kernel.Btf == digest.Hex)) continue;
            await _btf.Packed.DeleteAsync(digest, CancellationToken.None);
            deleted++;
        }

        return deleted;
    }
}
