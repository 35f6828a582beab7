using Relo.Core.Bpf;
using Relo.Core.Elf;
using Relo.Core.Objects;

namespace Relo.Core.Reachability;

/// <summary>
/// Tables of indirect jumps (<c>gotox</c>): section <c>.jumptables</c> holds 8-byte instruction offsets, in bytes from the start of the
/// function's section, and a symbol <c>BPF.JT.*</c> for each table (create_jt_map of libbpf).
/// </summary>
internal sealed class JumpTables(BpfObject bpf)
{
    public const string Section = ".jumptables";
    private const int EntrySize = 8;

    private readonly ReadOnlyData _data = new(bpf.Elf);

    // Compilers refer to a table once. A hostile object may refer to a long table from each of its instructions.
    private int _left = 1 << 20;

    /// <summary>
    /// Adds the instructions of a function that a table targets: the symbol's table, or all tables for the section symbol.
    /// </summary>
    /// <returns>False if the tables are larger than any compiler makes them.</returns>
    public bool Collect(ElfSymbol symbol, BpfProgram program, ISet<int> targets)
    {
        var section = bpf.Elf.Sections[symbol.Section];
        var (start, end) = symbol.Size > 0
            ? (symbol.Value, Math.Min(symbol.Value + symbol.Size, (ulong)section.Size))
            : (0, (ulong)section.Size);
        for (var at = start; at + EntrySize <= end; at += EntrySize)
        {
            if (_left-- <= 0) return false;
            var place = _data.Read(section.Index, (long)at, EntrySize) ?? ulong.MaxValue;
            var instruction = unchecked((place / Instruction.Size) - (ulong)program.FirstInstruction);
            if (place % Instruction.Size == 0 && instruction < (ulong)program.InstructionCount) targets.Add((int)instruction);
        }
        return true;
    }
}
