using Relo.Archive.Index;
using Relo.Archive.Kernels;

namespace Relo.Archive.Sync;

/// <summary>Compares what the sources listed with what is here.</summary>
internal sealed class CoverageReader(SourceLedger ledger, KernelIndex index, ArchiveWatcher watcher)
{
    /// <summary>The coverage of the listed kernels that match.</summary>
    /// <param name="source">Name of a source; null: all.</param>
    /// <param name="filter">Which kernels; only distribution, version and architecture count.</param>
    /// <param name="limit">The most lacking kernels, over all rows.</param>
    /// <param name="after">Where the previous page ended; null: the first page.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Coverage> ReadAsync(string? source, KernelFilter filter, int limit, LackingCursor? after, CancellationToken ct)
    {
        await watcher.CatchUpAsync(ct);
        var here = new HashSet<(string, string, string, string)>();
        foreach (var kernel in index.Matching(new()))
        {
            here.Add((kernel.Distro, kernel.Version, kernel.Arch, kernel.Release));
            here.Add((kernel.Distro, "", kernel.Arch, kernel.Release)); // a source that does not name the version
        }

        Seen[] rows = [.. (await ledger.ReadAsync(source, filter, ct))
            .Select(row => new Seen(row, here.Contains((row.Distro, row.Version, row.Arch, row.Release))))];
        var items = rows.GroupBy(r => (r.Row.Distro, r.Row.Version, r.Row.Arch)).Select(ItemOf).ToList();
        items.Sort((x, y) => LackingCursor.CompareRows((x.Distro, x.Version, x.Arch), (y.Distro, y.Version, y.Arch)));
        return new(
            [.. rows.GroupBy(r => r.Row.Source, StringComparer.Ordinal).OrderBy(s => s.Key, StringComparer.Ordinal).Select(SourceOf)],
            items, CutToPage(items, limit, after));
    }

    // Every page has all rows with their numbers, and its part of the lacking kernels.
    private static string? CutToPage(List<SourceCoverage> items, int limit, LackingCursor? after)
    {
        LackingCursor? last = null;
        var isMore = false;
        for (var i = 0; i < items.Count; i++)
        {
            var row = items[i];
            var rest = row.Lacking.Where(kernel => after?.IsBefore(PlaceOf(row, kernel)) ?? true).ToList();
            isMore |= rest.Count > limit;
            items[i] = row with { Lacking = [.. rest.Take(limit)] };
            limit -= items[i].Lacking.Count;
            if (items[i].Lacking is [.., var end]) last = PlaceOf(row, end);
        }

        return isMore ? last?.ToString() : null;
    }

    private static LackingCursor PlaceOf(SourceCoverage row, LackingKernel kernel) =>
        new(row.Distro, row.Version, row.Arch, kernel.Reason is not null, kernel.Release);

    private static CoveredSource SourceOf(IGrouping<string, Seen> rows) => new(
        rows.Key, new(rows.Max(r => r.Row.SeenAt), TimeSpan.Zero), rows.Count(), rows.Count(r => r.IsHere), rows.Count(r => r.HasFailed));

    private static SourceCoverage ItemOf(IGrouping<(string Distro, string Version, string Arch), Seen> rows)
    {
        // One source may have refused what another has not tried.
        Seen[] kernels =
            [.. rows.GroupBy(r => r.Row.Release, StringComparer.Ordinal).Select(k => k.OrderByDescending(r => r.HasFailed).First())];
        return new(
            rows.Key.Distro, rows.Key.Version, rows.Key.Arch, kernels.Length, kernels.Count(k => k.IsHere), kernels.Count(k => k.HasFailed),
            [.. kernels.Where(k => !k.IsHere).OrderByDescending(k => k.HasFailed).ThenBy(k => k.Row.Release, NaturalOrder.Instance)
                .Select(k => LackingOf(k.Row))]);
    }

    private static LackingKernel LackingOf(ListedKernelRow row) => new(
        row.Release, row.Source, row.Path, row.Fault, row.TriedAt is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null);

    private sealed record Seen(ListedKernelRow Row, bool IsHere)
    {
        public bool HasFailed => !IsHere && Row.Fault is not null;
    }
}
