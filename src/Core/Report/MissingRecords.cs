namespace Relo.Core.Report;

/// <summary>
/// The poisoned records of a report for people, each access of a line once. Keeps no more of them than a section shows: a report may have
/// hundreds of thousands.
/// </summary>
internal static class MissingRecords
{
    /// <summary>The section of those that can be reached, or of those that cannot; null if there are none.</summary>
    public static ReadableSection? Section(RelocationReport report, bool reachable)
    {
        var (rows, more, count) = (new OrderedDictionary<MissingRow, IReadOnlyList<string>>(), 0, 0);
        var proposals = report.FieldChanges.Where(change => change.Proposal is not null)
            .SelectMany(change => change.Uses.Select(use => (use, Text: ChangeText.Proposal(change))))
            .ToDictionary(pair => pair.use, pair => pair.Text);
        foreach (var entry in report.Relocations)
        {
            if (entry.Outcome != RelocationEffect.Poisoned || (entry.Reachable ?? false) != reachable) continue;
            count++;
            var row = new MissingRow(entry.Local, entry.Reason, entry.Program,
                entry.Source is null ? $"{entry.Section}, instruction {entry.Instruction}" : null, entry.Source,
                proposals.GetValueOrDefault(entry.Index));
            if (rows.ContainsKey(row)) continue;
            if (rows.Count < ReadableReport.MostRows) rows.Add(row, row.Cells());
            else more++;
        }

        var title = reachable ? "Missing, and reached: the verifier rejects these programs" : "Missing, but never reached on this kernel";
        return count == 0 ? null : new($"{title} ({count} {(count == 1 ? "record" : "records")})", MissingRow.Columns, rows.Values,
            more > 0 ? $"{more} more records" : null)
        {
            IsStacked = true,
            IsFolded = !reachable,
        };
    }
}
