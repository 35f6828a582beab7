using Relo.Core.Btf;
using Relo.Core.Checks;
using Relo.Core.Elf;
using Relo.Core.Objects;

namespace Relo.Core.Report;

/// <summary>What an object needs from the node besides relocation (obj_needs_vmlinux_btf and the extern rules of libbpf).</summary>
/// <param name="TypedKsyms">Kernel variables with a type (<c>extern const int x __ksym</c>): libbpf looks them up in kernel BTF, even weak
/// ones.</param>
/// <param name="Kfuncs">Kernel functions called through BTF.</param>
/// <param name="HasStructOps">Whether it registers struct_ops maps.</param>
/// <param name="ConfigExterns"><c>CONFIG_*</c> externs, for which the loader reads the kernel's configuration file.</param>
/// <param name="HasGlobalData">Whether it has .data, .rodata, .bss or .kconfig.</param>
public sealed record Requirements(
    IReadOnlyList<string> TypedKsyms,
    IReadOnlyList<string> Kfuncs,
    bool HasStructOps,
    IReadOnlyList<string> ConfigExterns,
    bool HasGlobalData)
{
    /// <summary>
    /// Whether libbpf refuses the whole object on a node without kernel BTF, regardless of relocation: the look-up happens once per
    /// object, before any program is loaded.
    /// </summary>
    public bool WholeObjectNeedsKernelBtf => TypedKsyms.Count > 0 || Kfuncs.Count > 0 || HasStructOps;

    /// <summary>Reads them from the object's BTF data sections, symbols and section names.</summary>
    public static Requirements Of(BpfObject bpf)
    {
        var externs = bpf.Elf.Symbols.Where(s => s.Section == ElfSymbol.Undefined && s.Name.Length > 0).Select(s => s.Name).ToHashSet();
        var ksyms = new List<string>();
        var kfuncs = new List<string>();
        var config = new List<string>();
        var seen = new HashSet<uint>();
        foreach (var (section, type) in DataSections.EntriesOf(bpf.Types))
        {
            if (section is not (".kconfig" or ".ksyms") || !seen.Add(type.Id)) continue;
            var name = bpf.Types.NameText(type.NameOffset);
            if (!externs.Remove(name)) continue; // a symbol is one extern, however often it is declared
            if (section == ".kconfig" && name.StartsWith("CONFIG_", StringComparison.Ordinal)) config.Add(name);
            if (section != ".ksyms") continue;
            if (type.Kind == BtfKind.Func) kfuncs.Add(name);
            // "extern void x __ksym" has no type and is found in /proc/kallsyms.
            else if (bpf.Types.SkipModifiers(type.SizeOrType).Kind != BtfKind.Void) ksyms.Add(name);
        }
        return new(ksyms, kfuncs, bpf.Elf.Sections.Any(StructOpsNeeds.IsMap), config, bpf.Elf.Sections.Any(DataSections.IsGlobalData));
    }
}
