using System.Text.Json.Serialization;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
using Relo.Archive.Kernels;
using Relo.Core.Objects;

namespace Relo.Api.Relocations;

/// <summary>Maps failures of relocations to problem responses.</summary>
internal static class RelocationProblem
{
    /// <summary>The problem of a result without a relocation.</summary>
    /// <param name="result">The result.</param>
    /// <param name="asked">The kernel as the client named it.</param>
    public static Problem OfFailure(RelocationResult result, string asked) => result switch
    {
        RelocationRefused refused => Of(refused),
        KernelMissing missing => Of(missing, asked),
        KernelUnresolved unresolved => Problem.Of(unresolved.Resolution, asked),
        ObjectUnknown unknown => Of(unknown),
        var other => throw new InvalidOperationException(other.GetType().Name),
    };

    public static Problem Of(RelocationRefused refused)
    {
        var failure = refused.Failure;
        var problem = new Problem(ProblemKinds.RelocationFailed, failure.Message)
            .With("relocation", new FailedRelocation(failure.Index, failure.Section, failure.Program, failure.Instruction, failure.Kind,
                failure.Local, failure.Message, failure.Source))
            .With("kernel", refused.Kernel);
        return failure.Hint is { } hint ? problem.With("hint", hint) : problem;
    }

    /// <summary>
    /// The problem of every route that does not find a kernel, plus the object's result on each neighbour among the nearest kernels.
    /// </summary>
    public static Problem Of(KernelMissing missing, string asked)
    {
        var (resolution, results) = missing;
        var nearest = resolution.Nearest.Select(
            near => new NearestKernel(near.Kernel, near.Why, results.FirstOrDefault(r => r.Kernel.Id == near.Kernel.Id)?.Proof));
        var detail = results is [{ Proof.Patched: { } patched, Proof.SameResultAs: [_, ..] }, var other]
            ? $"; on both its neighbours, {results[0].Kernel.Id} and {other.Kernel.Id}, the object relocates to the same bytes {patched}"
            : "";
        return new Problem(ProblemKinds.KernelNotFound, Problem.Missing(resolution, asked) + detail).With("nearest", nearest.ToList())
            .With("explanation", resolution.Explanation);
    }

    public static Problem Of(RelocationUnwanted unwanted, object report) => ReportLimit.Of(
        new Problem(ProblemKinds.RelocationUnusable, unwanted.Detail).With("report", report), unwanted.Relocation.HeldBytes);

    /// <summary>For routes that send no report.</summary>
    public static Problem Of(RelocationUnwanted unwanted) => new(ProblemKinds.RelocationUnusable, unwanted.Detail);

    public static Problem Of(ObjectUnknown unknown) => Problem.ObjectNotFound(unknown.Object);

    private sealed record NearestKernel(Kernel Kernel, string Why,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ObjectProof? Proof);

    // The same entry as in a report, with libbpf's text instead of the outcome.
    private sealed record FailedRelocation(int Index, string Section, string? Program, int Instruction, string Kind, string? Local,
        string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SourceLine? Source);
}
