using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Api.Relocations;
using Relo.Core.Checks;

namespace Relo.Api.Compatibility;

/// <summary>
/// Applies <c>failOn</c> to many kernels. A kernel without a verdict counts as a failure, because an unknown result must not pass a gate.
/// </summary>
internal static class IncompatibleKernels
{
    /// <summary>Whether a group of kernels fails the caller's <c>failOn</c>.</summary>
    public static bool IsMet(this FailOn failOn, CompatibilityGroup group) => failOn != FailOn.Nothing
        && (group.Verdict == KernelVerdict.Failed
            || (failOn.HasFlag(FailOn.Broken) && group.Verdict == KernelVerdict.Broken)
            || (failOn.HasFlag(FailOn.Poisoned) && group.Verdict != KernelVerdict.Ok)
            || IsLacking(failOn, group));

    /// <summary>The problem with the document's members; null if no kernel fails.</summary>
    public static Problem? Find(FailOn failOn, CompatibilityDocument document)
    {
        var unwanted = document.Groups.Where(group => failOn.IsMet(group)).ToList();
        if (unwanted.Count == 0) return null;
        var counts = unwanted.GroupBy(group => Word(failOn, group))
            .Select(same => $"{same.Key} on {same.Sum(group => group.Kernels.Count)}");
        var detail = $"the object is {string.Join(", ", counts)} of {document.Kernels} kernels; failOn={failOn.Text()} refuses that. "
            + $"First {unwanted[0].Kernels[0]}: {Reason(failOn, unwanted[0])}";
        var problem = new Problem(ProblemKinds.IncompatibleKernels, detail)
            .With("object", document.Object).With("kernels", document.Kernels).With("verdicts", document.Verdicts)
                .With("groups", document.Groups);
        if (document.PerKernel is { } reason) problem.With("perKernel", reason);
        return ReportLimit.Of(problem, heldBytes: 0, Problem.AskForFewerKernels); // the share of the check has the document
    }

    private static bool IsLacking(FailOn failOn, CompatibilityGroup group) => failOn.HasFlag(FailOn.Absent) && group.Lacking.Any();

    private static bool IsOnlyLacking(FailOn failOn, CompatibilityGroup group) =>
        IsLacking(failOn, group) && !(failOn & ~FailOn.Absent).IsMet(group);

    private static string Reason(FailOn failOn, CompatibilityGroup group)
    {
        if (group.Failure is { } failure) return failure.Detail;
        if (IsOnlyLacking(failOn, group)) return Reason([.. group.Lacking]);
        var first = group.Missing.FirstOrDefault(missing => missing.Reachable) ?? group.Missing[0];
        var place = first.Source is { } source ? $" at {source.File}:{source.Line}" : "";
        return $"{first.Local}{place}: {first.Reason}{More(group.Missing.Count)}";
    }

    private static string Reason(List<Check> lacking) => $"{lacking[0].Name} is absent, {lacking[0].Evidence}{More(lacking.Count)}";

    private static string More(int count) => count > 1 ? $", and {count - 1} more" : "";

    private static string Word(FailOn failOn, CompatibilityGroup group) => group.Verdict switch
    {
        KernelVerdict.Failed => "failed",
        _ when IsOnlyLacking(failOn, group) => "without something it needs",
        KernelVerdict.Broken => "broken",
        KernelVerdict.Guarded => "guarded",
        _ => throw new ArgumentOutOfRangeException(nameof(group), group.Verdict, null),
    };
}
