using System.Text.Json;
using Relo.Core.Checks;

namespace Relo.Core.Report;

/// <summary>The needs that a kernel does not meet, for people.</summary>
internal static class CheckRows
{
    /// <summary>
    /// The section of those that are absent or changed, the ones first without which the object does not load; null if there are none.
    /// </summary>
    public static ReadableSection? Section(IEnumerable<Check> checks)
    {
        var rows = checks.Where(check => check.Status is CheckStatus.Absent or CheckStatus.Changed)
            .OrderBy(check => check.Optional).ThenBy(check => check.Status).Select(check => Row(check)).ToList();
        return rows.Count == 0 ? null
            : ReadableSection.OfMany($"Needs that the kernel does not meet ({rows.Count})", ["need", "evidence", "programs"], rows)
                with
            { IsStacked = true };
    }

    /// <summary>The row of a check.</summary>
    public static IReadOnlyList<string> Row(Check check)
    {
        var kind = JsonNamingPolicy.KebabCaseLower.ConvertName($"{check.Kind}");
        var optional = check.Optional ? "; the object loads without it" : "";
        var programs = check.Programs.Count == 0 ? "the whole object" : string.Join(", ", check.Programs);
        return [$"{kind} {check.Name}: {check.Status.ToString().ToLowerInvariant()}{optional}", check.Evidence, programs];
    }
}
