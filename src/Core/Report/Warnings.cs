using Relo.Core.Access;
using Relo.Core.Bpf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Relocation;

namespace Relo.Core.Report;

/// <summary>What a user should know beside the verdict: what the node still needs, and what is right but surprising.</summary>
internal static class Warnings
{
    public static List<ReportWarning> Of(
        BpfObject bpf, Relocated relocated, Requirements requirements, ObjectReport described, ReachabilityResult reachable, ReportText text,
        CancellationToken cancellation)
    {
        var warnings = new List<ReportWarning>();
        var mismatch = ArchitectureMismatch.Find(bpf, relocated);
        var fixups = mismatch is null ? relocated.Fixups : relocated.Fixups.Where(fixup => !mismatch.Records.Contains(fixup.Record.Index));
        foreach (var warning in OfArchitecture(mismatch).Concat(OfObject(bpf, relocated))
            .Concat(OfNode(requirements, described)).Concat(reachable.Calls.Select(call => OfCall(call, bpf.Lines)))
            .Concat(fixups.SelectMany(fixup => OfFixup(bpf, fixup, reachable))))
        {
            cancellation.ThrowIfCancellationRequested();
            text.Take(warning.Message);
            warnings.Add(warning);
        }
        return warnings;
    }

    private static IEnumerable<ReportWarning> OfArchitecture(ArchitectureMismatch? mismatch)
    {
        if (mismatch is not null) yield return new(ArchitectureMismatch.Code, mismatch.Message);
    }

    private static IEnumerable<ReportWarning> OfObject(BpfObject bpf, Relocated relocated)
    {
        if (bpf.Records.Length == 0)
            yield return new("nothing-to-relocate", $"The object has {(bpf.Elf.FindSection(".BTF") is null ? "no .BTF and so " : bpf.Ext is null ? "no .BTF.ext and so " : "")}no CO-RE records; it is returned as it came.");
        if (bpf.Elf.IsBigEndian != relocated.Kernel.IsBigEndian)
            yield return new("foreign-endian", $"The object is {Order(bpf.Elf.IsBigEndian)}-endian, the kernel {Order(relocated.Kernel.IsBigEndian)}-endian: it cannot be loaded there.");
        var sections = bpf.Elf.Sections.CountBy(s => s.Name).ToDictionary();
        foreach (var name in bpf.Records.Select(r => r.SectionName).Distinct())
            if (sections.GetValueOrDefault(name) > 1)
                yield return new("duplicate-section", $"Several sections are called '{name}'; records belong to the first, as libbpf has it.");
        foreach (var record in bpf.Records.Where(r => r.Program is null))
            yield return new("record-outside-program", $"Instruction {record.Instruction} of '{record.SectionName}' is in no program (a weak function that the linker dropped); it is left as it is.", Relocation: record.Index);

        static string Order(bool big) => big ? "big" : "little";
    }

    private static IEnumerable<ReportWarning> OfNode(Requirements requirements, ObjectReport described)
    {
        if (requirements.TypedKsyms.Count > 0)
            yield return new("needs-kernel-btf-ksym", $"Typed kernel variables ({string.Join(", ", requirements.TypedKsyms)}) are looked up in the node's own BTF, weak ones too: libbpf refuses the object where there is none.");
        if (requirements.Kfuncs.Count > 0)
            yield return new("kfunc", $"Kernel functions ({string.Join(", ", requirements.Kfuncs)}) are called through the node's own BTF: libbpf refuses the object where there is none.");
        if (requirements.HasStructOps)
            yield return new("struct-ops", "struct_ops maps need the node's own BTF: libbpf refuses the object where there is none.");
        if (requirements.ConfigExterns.Count > 0)
            yield return new("kconfig-needs-config-file", $"{string.Join(", ", requirements.ConfigExterns)}: the loader reads /boot/config-$(uname -r) or /proc/config.gz on the node.");
        if (requirements.HasGlobalData)
            yield return new("global-data", "Global variables (.data, .rodata, .bss, .kconfig) need a kernel of 5.2 or later.");
        if (requirements.WholeObjectNeedsKernelBtf) yield break;
        foreach (var program in described.Programs.Where(p => p.NeedsKernelBtf))
            yield return new("needs-kernel-btf-program", $"'{program.Section}' attaches through the node's own BTF: this program does not load where there is none, whatever is relocated here.", program.Name);
    }

    /// <summary>A call without a record that the verifier refuses, and reaches.</summary>
    private static ReportWarning OfCall(Refusal call, SourceLines lines)
    {
        var source = lines.Find(call.Program.Section.Name, (uint)call.Instruction * Instruction.Size);
        var place = $"instruction {call.Instruction} of '{call.Program.Section.Name}'{(source is null ? "" : $" ({source.File}:{source.Line})")} can be reached";
        return call.Kind switch
        {
            RefusalKind.AbsentKfunc => new("absent-kfunc-called", $"This kernel has no function {call.Name}, and {place}: check bpf_ksym_exists({call.Name}) before the call.", call.Program.Name),
            RefusalKind.UnknownHelper => new("unknown-helper-called", $"This kernel has no helper of number {call.Name}, and {place}: the verifier will say \"invalid func unknown#{call.Name}\".", call.Program.Name),
            _ => new("poisoned-call-reached", $"The compiler put a call that no kernel accepts where no variant applies (bpf_core_unreachable), and {place}.", call.Program.Name),
        };
    }

    private static IEnumerable<ReportWarning> OfFixup(BpfObject bpf, Fixup fixup, ReachabilityResult reachable)
    {
        var (record, resolution, patched) = fixup;
        var (program, index) = (record.Program?.Name, record.Index);
        if (fixup.IsRefused)
        {
            var failure = Failure.Of(bpf, record, resolution, patched);
            yield return new("optional-program-refused", $"libbpf cannot relocate the optional program '{program}': {failure.Message}{(failure.Hint is null ? "" : $"\n{failure.Hint}")}. "
                + $"Instruction {record.Instruction} is poisoned: the object loads, and loading this program fails.", program, index);
            yield break;
        }
        var spec = bpf.Specs[record.Spec].Spec!;
        if (fixup.IsPoisoned)
        {
            yield return new("poisoned-instruction", $"{spec.LibbpfText}: {Reasons.Words(patched.Poisoned)}. " + (reachable.Records.Contains(index)
                ? $"Instruction {record.Instruction} can be reached: the verifier will say \"invalid func unknown#{InstructionPatcher.Poison.Imm}\"."
                : $"Instruction {record.Instruction} is not reached: a check that is false on this kernel comes before it."), program, index);
            yield break;
        }
        switch (record.Relo.Kind)
        {
            case CoreReloKind.TypeIdLocal:
                yield return new("type-id-local-cilium", $"{spec.LibbpfText}: the id is one of this object's .BTF; cilium/ebpf renumbers types when it loads, and the id is then another type's.", program, index);
                break;
            case CoreReloKind.TypeIdTarget when resolution.TargetValue != 0:
                yield return new("type-id-target-useless", $"{spec.LibbpfText}: the id {resolution.TargetValue} is one of the archive's BTF; a kernel without BTF knows no type ids.", program, index);
                break;
            case CoreReloKind.TypeSize when resolution.Target is null:
                yield return new("type-size-zero", $"{spec.LibbpfText}: {Reasons.Words(resolution.Miss)}; its size is given as 0.", program, index);
                break;
            case CoreReloKind.EnumValue when resolution.LocalValue != resolution.TargetValue:
                yield return new("enum-value-changed", $"{spec.LibbpfText}: {unchecked((long)resolution.TargetValue)} in this kernel.", program, index);
                break;
            case CoreReloKind.FieldByteOffset:
                foreach (var warning in OfField(spec, resolution, patched.Before.First)) yield return new(warning.Code, warning.Message, program, index);
                break;
        }
    }

    private static IEnumerable<(string Code, string Message)> OfField(AccessSpec local, Resolution resolution, Instruction before)
    {
        // An offset that is computed, not loaded from, feeds bpf_probe_read with the size the compiler knew; of a nested struct
        // mostly the address is meant.
        if (resolution.LocalSize != resolution.TargetSize && (before.Code & Opcode.ClassMask) is Opcode.Alu32 or Opcode.Alu64 && FieldPlace.IsScalar(local))
            yield return ("size-changed-probe-read", $"{local.LibbpfText}: {resolution.LocalSize} bytes in the object, {resolution.TargetSize} in this kernel; a bpf_probe_read of it still reads {resolution.LocalSize}.");
        if (resolution.Target is { } target && FieldPlace.Of(local).IsSigned != FieldPlace.Of(target).IsSigned)
            yield return ("signedness-changed", $"{local.LibbpfText}: signed on one side, unsigned on the other.");
    }
}
