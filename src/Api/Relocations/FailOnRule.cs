using System.Text.Json;
using Relo.Api.Http.Parameters;
using Relo.Core.Reachability;
using Relo.Core.Report;

namespace Relo.Api.Relocations;

/// <summary>Reads and applies <see cref="FailOn"/>.</summary>
internal static class FailOnRule
{
    /// <summary>Reads the value of a parameter that has <see cref="WordListOfAttribute{T}"/>: <c>broken,absent</c>.</summary>
    public static FailOn Parse(string? text) => WordsOf<FailOn>.ParseList(text).Aggregate(FailOn.Nothing, (all, one) => all | one);

    /// <summary>Whether <paramref name="report"/> has such an outcome.</summary>
    public static bool IsMet(this FailOn failOn, RelocationReport report) =>
        (failOn.HasFlag(FailOn.Broken) && report.Verdict == Verdict.Broken)
        || (failOn.HasFlag(FailOn.Poisoned) && report.Verdict != Verdict.Ok)
        || (failOn.HasFlag(FailOn.Absent) && report.Summary.Absent > 0);

    /// <summary>The outcomes in words, as a client writes them.</summary>
    public static string Text(this FailOn failOn) => string.Join(',', Enum.GetValues<FailOn>()
        .Where(one => one != FailOn.Nothing && failOn.HasFlag(one)).Select(one => JsonNamingPolicy.KebabCaseLower.ConvertName($"{one}")));

    /// <summary>The result, or <see cref="RelocationUnwanted"/> instead of a relocation with such an outcome.</summary>
    public static RelocationResult Judge(this FailOn failOn, RelocationResult result) =>
        result is RelocationMade { Relocation: var made } && failOn.IsMet(made.Report) ? new RelocationUnwanted(made, failOn) : result;
}
