using Relo.Core.Reachability;

namespace Relo.Core.Report;

/// <summary>The report of one relocation for people.</summary>
public static class RelocationSheet
{
    private static readonly string[] Shown = ["poisoned-instruction", "optional-program-refused"]; // in the sections about records

    /// <summary>The sheet of a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="name">Name of the object, if it has one.</param>
    /// <param name="kernel">Id of the kernel.</param>
    /// <param name="patched">Digest of the relocated object.</param>
    public static ReadableReport Of(RelocationReport report, string? name, string kernel, string patched)
    {
        var facts = new List<(string, string)>
        {
            ("object", name is null ? report.Object.Sha256 : $"{name}, {report.Object.Sha256}"),
            ("kernel", kernel),
            ("patched", patched),
        };
        if (report.Assumes.Count > 0) facts.Add(("assumes", string.Join("; ", report.Assumes)));
        return new(Headline(report), facts, Sections(report));
    }

    private static string Headline(RelocationReport report)
    {
        var (summary, absent) = (report.Summary, report.Summary.Absent);
        var verdict = report.Verdict switch
        {
            Verdict.Ok => "OK: all that the object accesses exists on this kernel",
            Verdict.Guarded =>
                $"GUARDED: relocations without target: {summary.Poisoned} of {summary.Relocations}, none of them reached",
            Verdict.Broken =>
                "BROKEN: the verifier will reject the object; relocations without target that can be reached: "
                + $"{summary.PoisonedReachable} of {summary.Relocations}",
            _ => throw new ArgumentOutOfRangeException(nameof(report), report.Verdict, null),
        };
        return absent == 0 ? verdict : $"{verdict}. WILL NOT LOAD: the kernel lacks {absent} of the object's needs";
    }

    private static IEnumerable<ReadableSection> Sections(RelocationReport report)
    {
        if (MissingRecords.Section(report, reachable: true) is { } reached) yield return reached;
        if (Calls(report) is { } calls) yield return calls;
        if (MissingRecords.Section(report, reachable: false) is { } guarded) yield return guarded;
        if (CheckRows.Section(report.Checks) is { } checks) yield return checks;
        if (Moved(report) is { } moved) yield return moved;
        yield return Rest(report);
    }

    private static ReadableSection? Calls(RelocationReport report)
    {
        var rows = report.Warnings.Where(IsCall).Take(ReadableReport.MostRows)
            .Select(warning => (IReadOnlyList<string>)[warning.Program ?? "", warning.Message]).ToList();
        return rows.Count == 0 ? null : new("Calls that the verifier rejects", ["program", "reason"], rows) { IsStacked = true };
    }

    private static bool IsCall(ReportWarning warning) =>
        warning.Code is "absent-kfunc-called" or "unknown-helper-called" or "poisoned-call-reached";

    private static ReadableSection? Moved(RelocationReport report)
    {
        var (rows, count) = (new List<IReadOnlyList<string>>(), 0);
        foreach (var change in report.FieldChanges.Where(change => change.TargetType is not null))
        {
            if (count++ < ReadableReport.MostRows) rows.Add([change.Change, ChangeText.Field(change), ChangeText.Places(change)]);
        }

        return count == 0
            ? null
            : new($"Moved or changed ({count})", ["change", "field", "from -> to"], rows, More(count)) { IsFolded = true };
    }

    private static string? More(int count) => count > ReadableReport.MostRows ? $"{count - ReadableReport.MostRows} more" : null;

    private static ReadableSection Rest(RelocationReport report)
    {
        var summary = report.Summary;
        List<IReadOnlyList<string>> rows =
        [
            ["relocations", $"{summary.Changed} changed, {summary.Unchanged} unchanged, {summary.Poisoned} without target"],
            .. Counts(
                "programs", report.Object.Programs.Where(program => program.Verdict is not null).CountBy(program => program.Verdict!.Value)
                .Select(pair => $"{pair.Value} {pair.Key.ToString().ToLowerInvariant()}")),
            .. Counts("checks", report.Checks.CountBy(check => check.Status).OrderBy(pair => pair.Key)
                .Select(pair => $"{pair.Value} {pair.Key.ToString().ToLowerInvariant()}")),
            .. Counts("warnings", report.Warnings.Where(warning => !IsCall(warning) && !Shown.Contains(warning.Code))
                .CountBy(warning => warning.Code).Select(pair => $"{pair.Value} {pair.Key}")),
        ];
        return new("In numbers", ["what", "count"], rows) { IsFolded = true };
    }

    private static IEnumerable<IReadOnlyList<string>> Counts(string what, IEnumerable<string> counts) =>
        string.Join(", ", counts) is { Length: > 0 } text ? [[what, text]] : [];
}
