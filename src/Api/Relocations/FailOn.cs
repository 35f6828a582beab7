using Relo.Core.Reachability;
using Relo.Core.Report;

namespace Relo.Api.Relocations;

/// <summary>The outcomes to answer as failures, so that a build script can stop on the status alone.</summary>
internal enum FailOn
{
    /// <summary>None.</summary>
    Nothing,

    /// <summary>The verdict is broken.</summary>
    Broken,

    /// <summary>The verdict is not ok: anything is poisoned, reachable or not.</summary>
    Poisoned,
}

/// <summary>Applies <see cref="FailOn"/>.</summary>
internal static class FailOnRule
{
    /// <summary>Whether <paramref name="report"/> is such an outcome.</summary>
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
