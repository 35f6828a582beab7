using Relo.Api.Http.Problems;
using Relo.Archive.Kernels;
using Relo.Core.Compatibility;

namespace Relo.Api.Compatibility;

/// <summary>The result for one kernel: either the outcome of the relocation or the failure is set.</summary>
internal sealed record KernelFinding(Kernel Kernel, Relocatable? Outcome, KernelFailure? Failure)
{
    /// <summary>The verdict.</summary>
    public KernelVerdict Verdict => Outcome?.Verdict switch
    {
        null => KernelVerdict.Failed,
        Core.Reachability.Verdict.Ok => KernelVerdict.Ok,
        Core.Reachability.Verdict.Guarded => KernelVerdict.Guarded,
        Core.Reachability.Verdict.Broken => KernelVerdict.Broken,
        var other => throw new InvalidOperationException($"{other}"),
    };

    /// <summary>The verdict of an outcome.</summary>
    public static KernelFinding Of(Kernel kernel, KernelOutcome outcome) => outcome switch
    {
        Relocatable relocatable => new(kernel, relocatable, null),
        Unrelocatable failed =>
            new(kernel, null, new(ProblemKinds.RelocationFailed.Code, failed.Failure.Message, failed.Failure.Program, failed.Failure.Source,
            failed.Failure.Hint)),
        _ => throw new InvalidOperationException(outcome.GetType().Name),
    };
}
