using Relo.Api.Http.Problems;
using Relo.Api.Relocations;

namespace Relo.Api.Compatibility;

/// <summary>
/// Applies <c>failOn</c> to many kernels. A kernel without a verdict counts as a failure, because an unknown result must not pass a gate.
/// </summary>
internal static class IncompatibleKernels
{
    /// <summary>Whether a kernel fails the caller's <c>failOn</c>.</summary>
    public static bool IsMet(this KernelsFailOn failOn, KernelVerdict verdict) => failOn switch
    {
        KernelsFailOn.Broken => verdict is KernelVerdict.Broken or KernelVerdict.Failed,
        KernelsFailOn.Poisoned => verdict is not KernelVerdict.Ok,
        _ => false,
    };

    /// <summary>The problem with the document's members; null if no kernel fails.</summary>
    public static Problem? Find(KernelsFailOn failOn, CompatibilityDocument document)
    {
        var unwanted = document.Groups.Where(group => failOn.IsMet(group.Verdict)).ToList();
        if (unwanted.Count == 0) return null;
        var counts = unwanted.GroupBy(group => group.Verdict)
            .Select(same => $"{Word(same.Key)} on {same.Sum(group => group.Kernels.Count)}");
        var detail = $"the object is {string.Join(", ", counts)} of {document.Kernels} kernels; "
            + $"failOn={(failOn == KernelsFailOn.Broken ? "broken" : "poisoned")} refuses that. "
            + $"First {unwanted[0].Kernels[0]}: {Reason(unwanted[0])}";
        return new Problem(ProblemKinds.IncompatibleKernels, detail)
            .With("object", document.Object).With("kernels", document.Kernels).With("verdicts", document.Verdicts)
                .With("groups", document.Groups);
    }

    private static string Reason(CompatibilityGroup group)
    {
        if (group.Failure is { } failure) return failure.Detail;
        var first = group.Missing.FirstOrDefault(missing => missing.Reachable) ?? group.Missing[0];
        var place = first.Source is { } source ? $" at {source.File}:{source.Line}" : "";
        return $"{first.Local}{place}: {first.Reason}{(group.Missing.Count > 1 ? $", and {group.Missing.Count - 1} more" : "")}";
    }

    private static string Word(KernelVerdict verdict) => verdict switch
    {
        KernelVerdict.Guarded => "guarded",
        KernelVerdict.Broken => "broken",
        KernelVerdict.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };
}
