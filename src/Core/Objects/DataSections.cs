using Relo.Core.Btf;
using Relo.Core.Elf;

namespace Relo.Core.Objects;

/// <summary>Sections of variables: BTF lists the variables, the ELF file has the bytes.</summary>
internal static class DataSections
{
    /// <summary>The variables and functions of every BTF data section.</summary>
    public static IEnumerable<(string Section, BtfType Type)> EntriesOf(BtfTypes types)
    {
        for (var id = types.FirstId; id < (uint)types.Count; id++)
        {
            var type = types[id];
            if (type.Kind != BtfKind.DataSec) continue;
            var section = types.NameText(type.NameOffset);
            for (var i = 0; i < type.Count; i++) yield return (section, types[types.DataSecEntry(type, i)]);
        }
    }

    /// <summary>Whether libbpf makes the section an array map of one entry (bpf_object__init_global_data_maps).</summary>
    public static bool IsGlobalData(ElfSection section) =>
        section.Size > 0 && (IsNamed(section.Name, ".data") || IsNamed(section.Name,
            ".rodata") || IsNamed(section.Name, ".bss") || section.Name == ".kconfig");

    private static bool IsNamed(string name, string stem) => name == stem || name.StartsWith(stem + ".", StringComparison.Ordinal);
}
