using Relo.Core.Report;

namespace Relo.Core.Compatibility;

/// <summary>The results of an object on many kernels for people: by line and by field, with the kernels of each.</summary>
public static class CompatibilitySheet
{
    private const int KernelsInCell = 3;

    /// <summary>The sheet of groups.</summary>
    /// <param name="groups">The groups, the worst first.</param>
    /// <param name="name">Name of the object, if it has one.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="refusal">Why <c>failOn</c> refuses the result; null if it does not.</param>
    /// <param name="perKernel">Why each kernel was checked separately; null if not.</param>
    public static ReadableReport Of(
        IReadOnlyList<CheckedGroup> groups, string? name, string digest, string? refusal, string? perKernel = null)
    {
        var kernels = groups.Sum(group => group.Kernels.Count);
        var facts = new List<(string, string)> { ("object", name is null ? digest : $"{name}, {digest}"), ("kernels", $"{kernels}") };
        if (perKernel is not null) facts.Add(("one by one", perKernel));
        if (refusal is not null) facts.Add(("refused", refusal));
        return new(Headline(groups, kernels), facts, Sections(groups, kernels));
    }

    private static string Headline(IReadOnlyList<CheckedGroup> groups, int kernels)
    {
        var verdicts = groups.GroupBy(group => group.Verdict)
            .Select(same => $"{same.Key.ToUpperInvariant()} on {same.Sum(group => group.Kernels.Count)}");
        var lacking = groups.Where(group => group.Checks.Any(check => check.IsLacking)).Sum(group => group.Kernels.Count);
        var load = lacking == 0
            ? ""
            : $". WILL NOT LOAD on {lacking}, which {(lacking == 1 ? "lacks" : "lack")} something that the object needs";
        return $"{string.Join(", ", verdicts)} of {kernels} {(kernels == 1 ? "kernel" : "kernels")}{load}";
    }

    private static IEnumerable<ReadableSection> Sections(IReadOnlyList<CheckedGroup> groups, int kernels)
    {
        var failed = Having(groups, group => group.Failure is { } failure ? [failure] : Array.Empty<string>());
        if (failed.Count > 0) yield return Section($"No verdict ({failed.Count})", ["reason"], failed, failure => [failure]);
        var missing = Having(groups, Missing);
        var reached = missing.Where(pair => pair.Key.Access.Reachable).ToList();
        if (reached.Count > 0)
            yield return Section(
                $"Missing, and reached: the verifier rejects these programs ({reached.Count})", MissingRow.Columns, reached, Cells);
        var checks = Having(groups, group => group.Checks).OrderBy(pair => pair.Key.Optional).ThenBy(pair => pair.Key.Status).ToList();
        if (checks.Count > 0)
            yield return Section(
                $"Needs that kernels do not meet ({checks.Count})", ["need", "evidence", "programs"], checks, CheckRows.Row);
        var guarded = missing.Where(pair => !pair.Key.Access.Reachable).ToList();
        if (guarded.Count > 0)
            yield return Section(
                $"Missing, but never reached there ({guarded.Count})", MissingRow.Columns, guarded, Cells) with
            { IsFolded = true };
        var moved = Having(groups, group => group.FieldChanges.Where(change => change.TargetType is not null).Select(Moved));
        if (moved.Count > 0)
            yield return Section($"Moved or changed ({moved.Count})", ["change", "field", "from -> to"], moved,
                row => [row.Change, row.Field, row.Places]) with
            { IsFolded = true, IsStacked = false };
        yield return ReadableSection.OfMany($"Kernels ({kernels})", ["verdict", "kernels"],
            [.. groups.Select(group => (IReadOnlyList<string>)[group.Verdict, Named([group])])]) with
        { IsFolded = true };

        ReadableSection Section<T>(
            string title, string[] columns, IReadOnlyCollection<KeyValuePair<T, List<CheckedGroup>>> rows,
            Func<T, IReadOnlyList<string>> cells) =>
            ReadableSection.OfMany(title, [.. columns, "kernels"],
                [.. rows.Take(ReadableReport.MostRows + 1)
                    .Select(row => (IReadOnlyList<string>)[.. cells(row.Key), On(row.Value, kernels)])])
                with
            { IsStacked = true, More = rows.Count > ReadableReport.MostRows ? $"{rows.Count - ReadableReport.MostRows} more" : null };
    }

    // The groups that have each fault, in the order of the groups.
    private static OrderedDictionary<T, List<CheckedGroup>> Having<T>(
        IReadOnlyList<CheckedGroup> groups, Func<CheckedGroup, IEnumerable<T>> faults)
        where T : notnull
    {
        var having = new OrderedDictionary<T, List<CheckedGroup>>();
        foreach (var group in groups)
        {
            foreach (var fault in faults(group))
            {
                if (!having.TryGetValue(fault, out var known)) having.Add(fault, known = []);
                if (known.LastOrDefault() != group) known.Add(group);
            }
        }

        return having;
    }

    private static IEnumerable<(MissingAccess Access, string? Proposal)> Missing(CheckedGroup group)
    {
        var proposals = new ProposalTexts(group.FieldChanges);
        return group.Missing.Select(access => (access, proposals.Of(access.Local)));
    }

    private static IReadOnlyList<string> Cells((MissingAccess Access, string? Proposal) missing)
    {
        var access = missing.Access;
        return new MissingRow(access.Local, access.Reason, access.Optional ? $"{access.Program} (loaded only on request)" : access.Program,
            null, access.Source, missing.Proposal).Cells();
    }

    private static (string Change, string Field, string Places) Moved(FieldChange change) =>
        (change.Change, ChangeText.Field(change), ChangeText.Places(change));

    private static string On(List<CheckedGroup> groups, int kernels) =>
        $"on {groups.Sum(group => group.Kernels.Count)} of {kernels}: {Named(groups)}";

    private static string Named(IReadOnlyList<CheckedGroup> groups)
    {
        var more = groups.Sum(group => group.Kernels.Count) - KernelsInCell;
        return string.Join(", ", groups.SelectMany(group => group.Kernels).Take(KernelsInCell)) + (more > 0 ? $" and {more} more" : "");
    }
}
