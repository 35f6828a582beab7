using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;
using Relo.Core.Fingerprints;

namespace Relo.Archive.Layouts;

/// <summary>Writes the layouts of kernels into the database. Only the ones that no kernel had before take space.</summary>
internal sealed class LayoutWriter(ArchiveWriter writer, LayoutIndex index)
{
    /// <summary>Writes the layouts of a kernel.</summary>
    /// <param name="kernel">The kernel whose BTF was read.</param>
    /// <param name="layouts">Its layouts; null if it has none.</param>
    /// <param name="ct">Cancels before they are written.</param>
    public async Task WriteAsync(Kernel kernel, IReadOnlyCollection<NamedFingerprint>? layouts, CancellationToken ct)
    {
        await index.CatchUpAsync(ct);
        await writer.WriteAsync(
            async db =>
            {
                // Deleted or replaced meanwhile.
                if (!await db.Kernels.AnyAsync(k => k.Id == kernel.Id && k.Btf == kernel.Btf.Hex)) return false;
                var set = layouts is null ? (int?)null : await SetAsync(db, layouts);
                await db.KernelLayouts.Where(k => k.KernelId == kernel.Id).ExecuteDeleteAsync(CancellationToken.None);
                db.KernelLayouts.Add(
                    new() { KernelId = kernel.Id, Btf = LayoutSource.Of(kernel), Definition = Fingerprint.Definition, SetId = set });
                return true;
            },
            _ => { },
            ct);
    }

    private async Task<int> SetAsync(ArchiveDb db, IReadOnlyCollection<NamedFingerprint> layouts)
    {
        await CheckAsync(db);
        var (numbers, block) = index.With(now => Number(now.Numbers, layouts));
        if (block is not null) db.LayoutBlocks.Add(block);
        var digest = Digest.Of(MemoryMarshal.AsBytes<int>(numbers)).Hex;
        if (await db.LayoutSets.Where(s => s.Digest == digest).Select(s => (int?)s.Id).FirstOrDefaultAsync() is { } same) return same;
        var set = index.With(now => LayoutSet.Smallest(numbers, now.Sets.Values));
        var row = new LayoutSetRow { Digest = digest, BaseId = set.BaseId, Ranges = set.ToBytes() };
        db.LayoutSets.Add(row);
        await db.SaveChangesAsync(CancellationToken.None); // for its id
        return row.Id;
    }

    // Another process may have written since, or removed what no kernel uses. During this transaction, none can.
    private async Task CheckAsync(ArchiveDb db)
    {
        var (blocks, next) = index.With(now => (now.Numbers.Blocks, now.Numbers.Next));
        var sets = index.With(now => now.Sets.Count);
        var isAsRead = await db.LayoutBlocks.CountAsync() == blocks && await db.LayoutSets.CountAsync() == sets
            && (blocks == 0 || await db.LayoutBlocks.MaxAsync(b => b.First + b.Count) == next);
        if (isAsRead) return;
        index.Forget();
        await index.CatchUpAsync(db, CancellationToken.None);
    }

    /// <summary>The numbers of a kernel's layouts, ascending, and the block of those that had none.</summary>
    private static (int[] Numbers, LayoutBlockRow? Block) Number(LayoutNumbers known, IReadOnlyCollection<NamedFingerprint> layouts)
    {
        var numbers = new int[layouts.Count];
        var added = new List<NamedFingerprint>();
        var count = 0;
        foreach (var layout in layouts)
        {
            if (known.Find(layout.Key, layout.Fingerprint) is var number and >= 0) numbers[count++] = number;
            else added.Add(layout);
        }

        Array.Sort(numbers, 0, count);
        for (var i = 0; count < numbers.Length; i++) numbers[count++] = known.Next + i;
        return (numbers, added.Count == 0
            ? null
            : new() { First = known.Next, Count = added.Count, Layouts = LayoutBlock.Write([.. added]) });
    }
}
