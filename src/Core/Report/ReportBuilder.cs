using Relo.Core.Bytes;
using Relo.Core.Checks;
using Relo.Core.Objects;
using Relo.Core.Reachability;

namespace Relo.Core.Report;

/// <summary>Builds reports and descriptions of objects in the shape of the HTTP contract. It relocates nothing.</summary>
public static class ReportBuilder
{
    /// <summary>The report for a kernel of unknown version.</summary>
    public static RelocationReport Build(BpfObject bpf, Relocated relocated, CancellationToken cancellation = default) =>
        Build(bpf, relocated, version: null, cancellation);

    /// <summary>The report of <paramref name="relocated"/>, which must be the outcome of relocating <paramref name="bpf"/>.</summary>
    /// <remarks>The kernel's types must be open during this call. They may be closed before the report is read.</remarks>
    /// <param name="bpf">The object.</param>
    /// <param name="relocated">The result of relocating it.</param>
    /// <param name="version">The version of the kernel, if known: the value of <c>LINUX_KERNEL_VERSION</c> there.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="MalformedObjectException">
    /// <c>malformed-object</c>: names repeat so often that the report would be too large.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RelocationReport Build(
        BpfObject bpf, Relocated relocated, KernelVersion? version, CancellationToken cancellation = default) =>
        Build(bpf, relocated, version, new ReportText(), cancellation);

    internal static RelocationReport Build(
        BpfObject bpf, Relocated relocated, KernelVersion? version, ReportText text, CancellationToken cancellation = default)
    {
        var requirements = text.Take(Requirements.Of(bpf));
        var reachable = ReachabilityCheck.Of(bpf, relocated, version, cancellation);
        var lines = ReportLines.Of(bpf, relocated, reachable, text, cancellation);
        var changes = new FieldChanges(bpf).Of(relocated.Fixups, text);
        var described = Describe(bpf, requirements, text, reachable);
        var warnings = new Warnings(bpf, relocated, lines, requirements, described, reachable.Calls);
        warnings.Count(text, cancellation);
        var assumes = reachable.Assumes.Select(text.Take).ToArray();
        var checks = text.Take(NeedChecks.Of(bpf, relocated, reachable, version, cancellation));
        return new(described, reachable.Verdict, assumes, Sum(lines, changes, reachable, checks), changes, lines.Entries, checks, warnings)
        {
            Bpf = bpf,
            Modules = lines.Modules,
            Characters = text.Taken,
            HeldBytes = bpf.HeldBytes + lines.HeldBytes + changes.HeldBytes,
        };
    }

    /// <summary>Describes an object, for no particular kernel.</summary>
    public static ObjectReport Describe(BpfObject bpf) => Describe(bpf, Requirements.Of(bpf), new ReportText());

    internal static ObjectReport Describe(
        BpfObject bpf, Requirements requirements, ReportText text, ReachabilityResult? reachable = null) => new(
        bpf.Digest.ToString(),
        bpf.Bytes.Length,
        bpf.Elf.IsBigEndian ? "big" : "little",
        bpf.License,
        [.. bpf.Programs.Select(program => Describe(program, requirements, text) with { Verdict = reachable?.Of(program) })]);

    private static ProgramReport Describe(BpfProgram program, Requirements requirements, ReportText text)
    {
        var type = ProgramTypes.Find(program.Section.Name);
        var needsKernelBtf = requirements.WholeObjectNeedsKernelBtf || (!program.IsSubprogram && type.NeedsKernelBtf);
        return new(
            text.Take(program.Name), text.Take(program.Section.Name), program.IsSubprogram ? "subprogram" : type.Name,
            program.InstructionCount, needsKernelBtf, program.IsOptional);
    }

    private static RelocationSummary Sum(
        ReportLines lines, FieldChangeList changes, ReachabilityResult reachable, IReadOnlyList<Check> checks)
    {
        var effects = new int[Enum.GetValues<RelocationEffect>().Length];
        foreach (ref readonly var line in lines.Span) effects[(int)line.Effect]++;
        return new(
            lines.Span.Length,
            effects[(int)RelocationEffect.Changed], effects[(int)RelocationEffect.Unchanged], effects[(int)RelocationEffect.Poisoned],
            reachable.LoadedRecords.Count,
            changes.Moved,
            checks.Count(check => check.IsLacking));
    }
}
