using Relo.Core.Bpf;
using Relo.Core.BtfExt;
using Relo.Core.Bytes;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Relocation;

namespace Relo.Core.Report;

/// <summary>Puts what was computed into the shape of the contract; relocates nothing itself.</summary>
public static class ReportBuilder
{
    /// <summary>As below, for a kernel whose version is not known.</summary>
    public static RelocationReport Build(BpfObject bpf, Relocated relocated, CancellationToken cancellation = default) => Build(bpf, relocated, version: null, cancellation);

    /// <summary>The report of <paramref name="relocated"/>, which must be the outcome of relocating <paramref name="bpf"/>. The kernel's types must still be open.</summary>
    /// <param name="bpf">The object.</param>
    /// <param name="relocated">The result of relocating it.</param>
    /// <param name="version">The version of the kernel, if known: what <c>LINUX_KERNEL_VERSION</c> is there.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="MalformedObjectException"><c>malformed-object</c>: names repeat so often that the report would be out of all proportion.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static RelocationReport Build(BpfObject bpf, Relocated relocated, KernelVersion? version, CancellationToken cancellation = default) =>
        Build(bpf, relocated, version, new ReportText(), cancellation);

    internal static RelocationReport Build(BpfObject bpf, Relocated relocated, KernelVersion? version, ReportText text, CancellationToken cancellation = default)
    {
        var requirements = text.Take(Requirements.Of(bpf));
        var reachable = ReachabilityCheck.Of(bpf, relocated, version, cancellation);
        var entries = new RelocationEntry[relocated.Fixups.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            entries[i] = Entry(bpf, relocated, relocated.Fixups[i], reachable, text);
        }
        var changes = new FieldChanges(bpf).Of(relocated.Fixups, text);
        var describe = Describe(bpf, requirements, text, reachable);
        var summary = new RelocationSummary(
            entries.Length,
            entries.Count(e => e.Outcome == RelocationEffect.Changed),
            entries.Count(e => e.Outcome == RelocationEffect.Unchanged),
            entries.Count(e => e.Outcome == RelocationEffect.Poisoned),
            reachable.LoadedRecords.Count,
            changes.Count(c => c.TargetOffsetBytes is not null && (c.LocalOffsetBytes != c.TargetOffsetBytes || c.LocalBitOffset != c.TargetBitOffset)));
        var warnings = Warnings.Of(bpf, relocated, requirements, describe, reachable, text, cancellation);
        return new(describe, reachable.Verdict, [.. reachable.Assumes.Select(text.Take)], summary, changes, entries, warnings);
    }

    /// <summary>What is in an object, whatever the kernel.</summary>
    public static ObjectReport Describe(BpfObject bpf) => Describe(bpf, Requirements.Of(bpf), new ReportText());

    internal static ObjectReport Describe(BpfObject bpf, Requirements requirements, ReportText text, ReachabilityResult? reachable = null) => new(
        Digest.Of(bpf.Bytes.Span).ToString(),
        bpf.Bytes.Length,
        bpf.Elf.IsBigEndian ? "big" : "little",
        bpf.License,
        [.. bpf.Programs.Select(program => Describe(program, requirements, text) with { Verdict = reachable?.Of(program) })]);

    private static ProgramReport Describe(BpfProgram program, Requirements requirements, ReportText text)
    {
        var type = ProgramTypes.Find(program.Section.Name);
        return new(text.Take(program.Name), text.Take(program.Section.Name), program.IsSubprogram ? "subprogram" : type.Name, program.InstructionCount,
            requirements.WholeObjectNeedsKernelBtf || (!program.IsSubprogram && type.NeedsKernelBtf), program.IsOptional);
    }

    private static RelocationEntry Entry(BpfObject bpf, Relocated relocated, Fixup fixup, ReachabilityResult reachable, ReportText text)
    {
        var (record, resolution, patched) = fixup;
        var effect = fixup.IsPoisoned ? RelocationEffect.Poisoned : fixup.IsChanged ? RelocationEffect.Changed : RelocationEffect.Unchanged;
        var reason = fixup.IsPoisoned ? patched.Poisoned : resolution.Miss;
        return new(
            record.Index, text.Take(record.SectionName), record.Program is { } program ? text.Take(program.Name) : null, (int)record.Instruction,
            record.Relo.Kind.ReportName(), text.LocalOf(bpf, record), resolution.Target is { } found ? text.Of(found) : null,
            // The id of a local type is the object's own, and so in no module.
            resolution.Target is { } target ? relocated.ModuleOf(target.Types) : null,
            text.CandidatesOf(resolution, () => Candidates(relocated, resolution)), effect, Reasons.Name(reason),
            fixup.IsPoisoned ? reachable.Records.Contains(record.Index) : null,
            fixup.IsRefused ? null : unchecked((long)resolution.LocalValue), fixup.IsPoisoned ? null : unchecked((long)resolution.TargetValue),
            Disassembler.Format(patched.Before.First, patched.Before.Second), Disassembler.Format(patched.After.First, patched.After.Second),
            text.Take(bpf.Lines.Find(record.SectionName, record.Relo.InstructionOffset)));
    }

    /// <summary>The candidates, where there was a choice or none fitted.</summary>
    private static string[]? Candidates(Relocated relocated, Resolution resolution)
    {
        if (resolution.Considered.Count == 0 || (resolution.Considered.Count == 1 && resolution.Considered[0].Matched)) return null;
        return [.. resolution.Considered.Select(c =>
        {
            var type = c.Candidate.Types[c.Candidate.Id];
            var place = relocated.ModuleOf(c.Candidate.Types) is { } module ? $" in {module}" : "";
            return $"[{type.Id}] {Btf.BtfKinds.LibbpfName(type.Kind)} {c.Candidate.Types.NameText(type.NameOffset)}{place}: {(c.Matched ? "matching" : "non-matching")}";
        })];
    }
}
