using Relo.Core.Reachability;
using Relo.Core.Report;

namespace Relo.Api.Relocations;

/// <summary>Applies <see cref="FailOn"/>.</summary>
internal static class FailOnRule
{
    /// <summary>Whether <paramref name="report"/> has such an outcome.</summary>
    public static bool IsMet(this FailOn failOn, RelocationReport report) => failOn switch
    {
        FailOn.Broken => report.Verdict == Verdict.Broken,
        FailOn.Poisoned => report.Verdict != Verdict.Ok,
        _ => false,
    };

    /// <summary>The result, or <see cref="RelocationUnwanted"/> instead of a relocation with such an outcome.</summary>
    public static RelocationResult Judge(this FailOn failOn, RelocationResult result) =>
        result is RelocationMade { Relocation: var made } && failOn.IsMet(made.Report) ? new RelocationUnwanted(made, failOn) : result;
}
