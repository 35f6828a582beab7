using Relo.Core.Bpf;
using Relo.Core.Objects;
using Relo.Core.Reachability;

namespace Relo.Core.Report;

/// <summary>Warnings about the object as a whole, its programs and its calls.</summary>
internal sealed class ObjectWarnings(BpfObject bpf, bool isKernelBigEndian, Requirements requirements, ObjectReport described)
{
    public IEnumerable<ReportWarning> All() => OfObject().Concat(OfSections()).Concat(OfNode()).Concat(OfPrograms());

    /// <summary>The warning about a call without a record that the verifier reaches and rejects.</summary>
    public ReportWarning Of(Refusal call)
    {
        var (section, program) = (call.Program.Section.Name, call.Program.Name);
        var source = bpf.Lines.Find(section, (uint)call.Instruction * Instruction.Size);
        var line = source is null ? "" : $" ({source.File}:{source.Line})";
        var place = $"instruction {call.Instruction} of '{section}'{line} can be reached";
        return call.Kind switch
        {
            RefusalKind.AbsentKfunc => new("absent-kfunc-called",
                $"This kernel has no function {call.Name}, and {place}: check bpf_ksym_exists({call.Name}) before the call.", program),
            RefusalKind.UnknownHelper => new("unknown-helper-called",
                $"This kernel has no helper with number {call.Name}, and {place}: "
                + $"the verifier will report \"invalid func unknown#{call.Name}\".", program),
            _ => new("poisoned-call-reached",
                $"The compiler inserted a call that no kernel accepts, because no variant applies (bpf_core_unreachable), and {place}.",
                program),
        };
    }

    private IEnumerable<ReportWarning> OfObject()
    {
        if (bpf.Records.Length == 0)
        {
            var why = bpf.Elf.FindSection(".BTF") is null ? "no .BTF and so " : bpf.Ext is null ? "no .BTF.ext and so " : "";
            yield return new("nothing-to-relocate", $"The object has {why}no CO-RE records; it is returned unchanged.");
        }
        if (bpf.Elf.IsBigEndian == isKernelBigEndian) yield break;
        var (ours, kernels) = (bpf.Elf.IsBigEndian ? "big" : "little", isKernelBigEndian ? "big" : "little");
        yield return new("foreign-endian", $"The object is {ours}-endian, the kernel {kernels}-endian: it cannot be loaded there.");
    }

    private IEnumerable<ReportWarning> OfSections()
    {
        var sections = bpf.Elf.Sections.CountBy(section => section.Name).ToDictionary();
        foreach (var name in bpf.Records.Select(record => record.SectionName).Distinct())
        {
            if (sections.GetValueOrDefault(name) > 1)
                yield return new(
                    "duplicate-section", $"Several sections have the name '{name}'; records belong to the first, as in libbpf.");
        }
        foreach (var record in bpf.Records.Where(record => record.Program is null))
        {
            yield return new("record-outside-program",
                $"Instruction {record.Instruction} of '{record.SectionName}' is in no program (a weak function that the linker dropped); "
                + "it is left unchanged.", Relocation: record.Index);
        }
    }

    private IEnumerable<ReportWarning> OfNode()
    {
        if (requirements.TypedKsyms.Count > 0)
        {
            yield return new("needs-kernel-btf-ksym",
                $"Typed kernel variables ({string.Join(", ", requirements.TypedKsyms)}) are looked up in the node's own BTF, even "
                    + "weak ones: "
                + "libbpf refuses the object without it.");
        }
        if (requirements.Kfuncs.Count > 0)
        {
            yield return new("kfunc",
                $"Kernel functions ({string.Join(", ", requirements.Kfuncs)}) are called through the node's own BTF: "
                + "libbpf refuses the object without it.");
        }
        if (requirements.HasStructOps)
            yield return new("struct-ops", "struct_ops maps need the node's own BTF: libbpf refuses the object without it.");
        if (requirements.ConfigExterns.Count > 0)
        {
            yield return new("kconfig-needs-config-file",
                $"{string.Join(", ", requirements.ConfigExterns)}: the loader reads /boot/config-$(uname -r) or /proc/config.gz "
                    + "on the node.");
        }
        if (requirements.HasGlobalData)
            yield return new("global-data", "Global variables (.data, .rodata, .bss, .kconfig) need a kernel of 5.2 or later.");
    }

    private IEnumerable<ReportWarning> OfPrograms() => requirements.WholeObjectNeedsKernelBtf ? [] : described.Programs
        .Where(program => program.NeedsKernelBtf)
        .Select(program => new ReportWarning("needs-kernel-btf-program",
            $"'{program.Section}' attaches through the node's own BTF: "
            + "this program does not load without it, regardless of relocation.",
            program.Name));
}
