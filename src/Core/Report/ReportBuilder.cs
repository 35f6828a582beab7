using Relo.Core.Bpf;
using Relo.Core.BtfExt;
using Relo.Core.Bytes;
using Relo.Core.Relocation;

namespace Relo.Core.Report;

/// <summary>Puts what was computed into the shape of the contract; relocates nothing itself.</summary>
public static class ReportBuilder
{
    /// <summary>The report of <paramref name="relocated"/>, which must be the outcome of relocating <paramref name="bpf"/>. The kernel's types must still be open.</summary>
    public static RelocationReport Build(BpfObject bpf, Relocated relocated)
    {
        var requirements = Requirements.Of(bpf);
        var lines = new SourceLines(bpf);
        var reachable = Reachability.Find(bpf, relocated);
        var entries = relocated.Fixups.Select(fixup => Entry(bpf, relocated, fixup, lines, reachable)).ToArray();
        var changes = new FieldChanges(bpf).Of(relocated.Fixups);
        var describe = Describe(bpf, requirements);
        var summary = new RelocationSummary(
            entries.Length,
            entries.Count(e => e.Outcome == RelocationEffect.Changed),
            entries.Count(e => e.Outcome == RelocationEffect.Unchanged),
            entries.Count(e => e.Outcome == RelocationEffect.Poisoned),
            entries.Count(e => e.Reachable == true),
            changes.Count(c => c.TargetOffsetBytes is not null && (c.LocalOffsetBytes != c.TargetOffsetBytes || c.LocalBitOffset != c.TargetBitOffset)));
        return new(describe, Verdicts.Of(summary.Poisoned, summary.PoisonedReachable), summary, changes, entries, Warnings.Of(bpf, relocated, requirements, describe, reachable));
    }

    /// <summary>What is in an object, whatever the kernel.</summary>
    public static ObjectReport Describe(BpfObject bpf) => Describe(bpf, Requirements.Of(bpf));

    private static ObjectReport Describe(BpfObject bpf, Requirements requirements) => new(
        Digest.Of(bpf.Bytes.Span).ToString(),
        bpf.Bytes.Length,
        bpf.Elf.IsBigEndian ? "big" : "little",
        bpf.License,
        [.. bpf.Programs.Select(program => Describe(program, requirements))]);

    private static ProgramReport Describe(BpfProgram program, Requirements requirements)
    {
        var type = ProgramTypes.Find(program.Section.Name);
        return new(program.Name, program.Section.Name, program.IsSubprogram ? "subprogram" : type.Name, program.InstructionCount,
            requirements.WholeObjectNeedsKernelBtf || (!program.IsSubprogram && type.NeedsKernelBtf));
    }

    private static RelocationEntry Entry(BpfObject bpf, Relocated relocated, Fixup fixup, SourceLines lines, IReadOnlySet<int> reachable)
    {
        var (record, resolution, patched) = fixup;
        var effect = fixup.IsPoisoned ? RelocationEffect.Poisoned : fixup.IsChanged ? RelocationEffect.Changed : RelocationEffect.Unchanged;
        var reason = fixup.IsPoisoned ? patched.Poisoned : resolution.Miss;
        return new(
            record.Index, record.SectionName, record.Program?.Name, (int)record.Instruction,
            record.Relo.Kind.ReportName(), bpf.Specs[record.Spec].Spec!.Text, resolution.Target?.Text,
            // The id of a local type is the object's own, and so in no module.
            resolution.Target is { } target ? relocated.ModuleOf(target.Types) : null,
            Candidates(relocated, resolution), effect, Reasons.Name(reason),
            fixup.IsPoisoned ? reachable.Contains(record.Index) : null,
            unchecked((long)resolution.LocalValue), fixup.IsPoisoned ? null : unchecked((long)resolution.TargetValue),
            Disassembler.Format(patched.Before.First, patched.Before.Second), Disassembler.Format(patched.After.First, patched.After.Second),
            lines.Find(record.SectionName, record.Relo.InstructionOffset));
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
