using System.Buffers.Binary;
using Relo.Core.Elf;

namespace Relo.Core.Reachability;

/// <summary>
/// Read-only variables, <c>const volatile bool wide</c>: libbpf freezes their map before the programs are verified, so the verifier treats
/// loads from it as constants (bpf_map_direct_read). A program may set other values before loading; the file holds the defaults.
/// </summary>
internal sealed class ReadOnlyData(ElfObject elf)
{
    private readonly Dictionary<int, (ulong Start, ulong End, string Name)[]> _variables = [];

    /// <summary>Whether libbpf makes a frozen map of the section (bpf_object__init_global_data_maps).</summary>
    public static bool Is(ElfSection section) =>
        section is { Type: ElfSection.ProgBits, Size: > 0, IsExecutable: false }
        && (section.Name == ".rodata" || section.Name.StartsWith(".rodata.", StringComparison.Ordinal));

    /// <summary>The bytes at an offset as a number; null outside the section.</summary>
    public ulong? Read(int section, long offset, int bytes)
    {
        var data = elf.DataOf(elf.Sections[section]).Span;
        if (offset < 0 || offset > data.Length - bytes) return null;
        var at = data.Slice((int)offset, bytes);
        return (bytes, elf.IsBigEndian) switch
        {
            (1, _) => at[0],
            (2, true) => BinaryPrimitives.ReadUInt16BigEndian(at),
            (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(at),
            (4, true) => BinaryPrimitives.ReadUInt32BigEndian(at),
            (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(at),
            (_, true) => BinaryPrimitives.ReadUInt64BigEndian(at),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(at),
        };
    }

    /// <summary>Section and variable at an offset: <c>.rodata wide</c>, or <c>.rodata+16</c> if no symbol covers it.</summary>
    public string NameAt(int section, long offset)
    {
        var name = elf.Sections[section].Name;
        if (!_variables.TryGetValue(section, out var variables)) _variables.Add(section, variables = VariablesOf(section));
        var (low, high) = (0, variables.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (variables[middle].Start <= (ulong)offset) low = middle + 1;
            else high = middle;
        }
        return low > 0 && (ulong)offset < variables[low - 1].End ? $"{name} {variables[low - 1].Name}" : $"{name}+{offset}";
    }

    private (ulong Start, ulong End, string Name)[] VariablesOf(int section) =>
        [.. elf.Symbols.Where(s => s.Section == section && s.Size > 0 && s.Name.Length > 0)
            .Select(s => (s.Value, s.Value + s.Size, s.Name)).OrderBy(s => s.Value)];
}
