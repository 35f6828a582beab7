using System.Text.Json.Serialization;
using Relo.Api.Http.Problems;
using Relo.Archive.Kernels;
using Relo.Core.Compatibility;
using Relo.Core.Objects;

namespace Relo.Api.Compatibility;

/// <summary>The verdict on a kernel, or that there is none.</summary>
internal enum KernelVerdict
{
    /// <summary>Every access has its place.</summary>
    Ok,

    /// <summary>Some have not, and can never be reached.</summary>
    Guarded,

    /// <summary>One that can be reached has not: the verifier will refuse the program.</summary>
    Broken,

    /// <summary>libbpf would refuse the object, or the kernel's BTF could not be read.</summary>
    Failed,
}

/// <summary>Why there is no verdict on a kernel.</summary>
/// <param name="Code">Code of the problem that a relocation for this kernel alone would be.</param>
/// <param name="Detail">What happened; for <c>relocation-failed</c> the text libbpf would log.</param>
/// <param name="Program">Where libbpf gives up: the function.</param>
/// <param name="Source">The C source line where libbpf fails.</param>
/// <param name="Hint">What to do about it, where libbpf's text does not say.</param>
internal sealed record KernelFailure(
    string Code,
    string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Program = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SourceLine? Source = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hint = null)
{
    /// <summary>Whether the object is at fault, and not the archive.</summary>
    [JsonIgnore]
    public bool IsOfObject => Code == ProblemKinds.RelocationFailed.Code || Code == ProblemKinds.MalformedObject.Code;
}

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
        Unrelocatable failed => new(kernel, null, new(ProblemKinds.RelocationFailed.Code, failed.Failure.Message, failed.Failure.Program, failed.Failure.Source, failed.Failure.Hint)),
        _ => throw new InvalidOperationException(outcome.GetType().Name),
    };
}
