using Relo.Api.Relocations;
using Relo.Core;

namespace Relo.Api.Http;

/// <summary>The only map from what went wrong to the problem that is sent. This part: relocations.</summary>
internal static partial class Problems
{
    public static Problem Of(RelocationRefused refused)
    {
        var failure = refused.Failure;
        return new Problem(ProblemKinds.RelocationFailed, failure.Message)
            .With("relocation", new FailedRelocation(failure.Index, failure.Section, failure.Program, failure.Instruction, failure.Kind, failure.Local, failure.Message))
            .With("kernel", refused.Kernel);
    }

    public static Problem Of(RelocationUnwanted unwanted, ReportDocument report)
    {
        var summary = unwanted.Relocation.Report.Summary;
        return new Problem(ProblemKinds.RelocationUnusable,
            $"{summary.Poisoned} of {summary.Relocations} relocations are poisoned, {summary.PoisonedReachable} of them can be reached; failOn={(unwanted.Reason == FailOn.Broken ? "broken" : "poisoned")} refuses that").With("report", report);
    }

    public static Problem Of(ObjectUnknown unknown) => ObjectNotFound(unknown.Object);

    public static Problem ObjectNotFound(string reference) => new(ProblemKinds.ObjectNotFound, $"no object '{reference}' is kept here");

    // The entry as it would stand in a report, with libbpf's text where the outcome would be.
    private sealed record FailedRelocation(int Index, string Section, string? Program, int Instruction, string Kind, string? Local, string Message);
}
