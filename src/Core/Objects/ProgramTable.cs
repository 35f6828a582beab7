using Relo.Core.Bpf;
using Relo.Core.Bytes;
using Relo.Core.Elf;

namespace Relo.Core.Objects;

/// <summary>The programs of an object by place (bpf_object__add_programs, find_prog_by_sec_insn of libbpf).</summary>
internal static class ProgramTable
{
    /// <summary>Function symbols in executable sections, sorted by section and first instruction.</summary>
    public static BpfProgram[] Read(ElfObject elf)
    {
        var programs = new List<BpfProgram>();
        var places = new List<(int Section, int First, int Symbol)>();
        foreach (var symbol in elf.Symbols)
        {
            if (symbol.Type != ElfSymbol.Function || symbol.Section == ElfSymbol.Undefined || symbol.Section >= elf.Sections.Count)
                continue;
            var section = elf.Sections[symbol.Section];
            if (!section.IsExecutable) continue;
            if (symbol.Value > (ulong)section.Size || symbol.Size > (ulong)section.Size - symbol.Value)
                throw new MalformedObjectException(
                    MalformedObjectException.MalformedObject, section.Name, (long)Math.Min(symbol.Value, long.MaxValue),
                    $"program '{symbol.Name}' has {symbol.Size} bytes here, but the section ends at 0x{section.Size:x}");
            if (symbol.Size == 0 || symbol.Size % Instruction.Size != 0 || symbol.Value % Instruction.Size != 0)
                throw new MalformedObjectException(
                    MalformedObjectException.MalformedObject, section.Name, (long)symbol.Value,
                    $"program '{symbol.Name}' has {symbol.Size} bytes here; "
                    + $"offset and size must be multiples of {Instruction.Size}, the size of an "
                        + "instruction, and the size not 0");
            var (first, count) = ((int)(symbol.Value / Instruction.Size), (int)(symbol.Size / Instruction.Size));
            var program = new BpfProgram(symbol.Name, section, first, count);
            places.Add((section.Index, program.FirstInstruction, programs.Count));
            programs.Add(program);
        }
        // Programs at the same place stay in symbol order.
        BpfProgram[] sorted = [.. programs];
        Array.Sort(places.ToArray(), sorted);
        return sorted;
    }

    /// <summary>
    /// The program an instruction is in, or null. Null is not a fault: when a linker drops a weak function for a stronger one, its
    /// records remain, and libbpf skips them.
    /// </summary>
    public static BpfProgram? Find(BpfProgram[] programs, int sectionIndex, long instruction)
    {
        var (low, high) = (0, programs.Length - 1);
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            var program = programs[middle];
            if (program.Section.Index < sectionIndex
                || (program.Section.Index == sectionIndex && program.FirstInstruction <= instruction))
                low = middle;
            else high = middle - 1;
        }
        return programs.Length > 0 && programs[low].Contains(sectionIndex, instruction) ? programs[low] : null;
    }
}
