using Microsoft.EntityFrameworkCore;
using Relo.Archive.Index;

namespace Relo.Archive.Layouts;

/// <summary>Removes the sets that no kernel has any more, and blocks of which no set has a layout.</summary>
internal sealed class LayoutSweeper(ArchiveWriter writer, LayoutIndex index, IIndexEngine engine)
{
    /// <summary>Removes them.</summary>
    /// <returns>The number of sets removed.</returns>
    public async Task<int> SweepAsync(CancellationToken ct)
    {
        await using (var db = engine.CreateDbContext())
            if (!await Unused(db).AnyAsync(ct)) return 0;
        return await writer.WriteAsync(
            async db =>
            {
                var removed = 0;
                // A base becomes unused when the last set that differs from it is deleted.
                for (int now; (now = await Unused(db).ExecuteDeleteAsync(CancellationToken.None)) > 0;) removed += now;
                await SweepBlocksAsync(db);
                return removed;
            },
            _ => index.Forget(), // numbers of removed blocks must not be found again
            ct);
    }

    private static IQueryable<LayoutSetRow> Unused(ArchiveDb db) => db.LayoutSets.Where(set =>
        !db.KernelLayouts.Any(kernel => kernel.SetId == set.Id) && !db.LayoutSets.Any(other => other.BaseId == set.Id));

    private static async Task SweepBlocksAsync(ArchiveDb db)
    {
        var now = new LayoutSnapshot();
        now.Add(await now.ReadAsync(db, CancellationToken.None));
        var used = Used(now);
        var blocks = await db.LayoutBlocks.OrderBy(b => b.First).Select(b => new { b.First, b.Count }).ToListAsync();
        // The last block stays, so that its numbers are not reused.
        foreach (var block in blocks.SkipLast(1))
            if (!used.AsSpan(block.First, block.Count).Contains(true))
                await db.LayoutBlocks.Where(b => b.First == block.First).ExecuteDeleteAsync();
    }

    // Whether each layout is in any set. What a set lacks, its base has.
    private static bool[] Used(LayoutSnapshot now)
    {
        var used = new bool[now.Numbers.Next];
        foreach (var set in now.Sets.Values)
        {
            var ranges = set.Has.Span;
            for (var next = 0; Ranges.TryNext(ref ranges, ref next, out var start);) used.AsSpan(start, next - start).Fill(true);
        }

        return used;
    }
}
