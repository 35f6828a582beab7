using Relo.Core.Bpf;
using Relo.Core.Bytes;

namespace Relo.Core.Elf;

/// <summary>
/// Which instructions have an ELF relocation, and against which symbol (SHT_REL sections, Elf64_Rel: <c>offset:64 info:64</c>, the
/// symbol in the upper half of info).
/// </summary>
internal sealed class ElfRelocations
{
    private const int EntrySize = 16;

    private readonly Dictionary<int, List<(uint Instruction, uint Symbol)>> _bySection = [];

    private ElfRelocations()
    {
    }

    /// <summary>
    /// Relocations of executable sections (others are about data). Null if one is not about an instruction, if an
    /// instruction has several, or if there are more than fit into the file: no linker writes that.
    /// </summary>
    public static ElfRelocations? Read(ElfObject elf)
    {
        var all = new ElfRelocations();
        // Sections may overlap: without this sum, a small file could declare the same bytes as relocations many times.
        var left = elf.Bytes.Length / EntrySize;
        foreach (var section in elf.Sections)
        {
            if (section.Type != ElfSection.Rel || section.Info >= (uint)elf.Sections.Count) continue;
            var about = elf.Sections[(int)section.Info];
            if (!about.IsExecutable) continue;
            var count = (int)(section.Size / EntrySize);
            if (section.Size % EntrySize != 0 || count > left || !all.TryAdd(elf, section, about, count)) return null;
            left -= count;
        }
        foreach (var list in all._bySection.Values)
        {
            list.Sort();
            for (var i = 1; i < list.Count; i++)
                if (list[i].Instruction == list[i - 1].Instruction) return null;
        }
        return all;
    }

    /// <summary>The symbol that an instruction is relocated against, or null.</summary>
    public uint? SymbolAt(int section, uint instruction)
    {
        if (!_bySection.TryGetValue(section, out var list)) return null;
        var at = list.BinarySearch((instruction, 0));
        if (at < 0) at = ~at;
        return at < list.Count && list[at].Instruction == instruction ? list[at].Symbol : null;
    }

    private bool TryAdd(ElfObject elf, ElfSection section, ElfSection about, int count)
    {
        if (!_bySection.TryGetValue(about.Index, out var list)) _bySection.Add(about.Index, list = new(count));
        var cursor = new ByteCursor(elf.DataOf(section).Span, elf.IsBigEndian, MalformedObjectException.MalformedObject, section.Name);
        for (var i = 0; i < count; i++)
        {
            var (offset, info) = (cursor.U64(), cursor.U64());
            if (offset >= (ulong)about.Size || offset % Instruction.Size != 0) return false;
            list.Add(((uint)(offset / Instruction.Size), (uint)(info >> 32)));
        }
        return true;
    }
}
