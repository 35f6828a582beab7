using Relo.Core.Elf;

namespace Relo.Core.Bpf;

/// <summary>The instructions of one function, as relocated.</summary>
internal sealed class FunctionCode(ElfObject elf, ReadOnlyMemory<byte> patched, ElfRelocations relocations, BpfProgram function)
{
    private readonly ReadOnlyMemory<byte> _bytes =
        patched.Slice((int)function.Section.Offset + (function.FirstInstruction * Instruction.Size), function.InstructionCount * Instruction.Size);

    public int Count => function.InstructionCount;

    public int Section => function.Section.Index;

    /// <summary>Index of the first instruction within the section.</summary>
    public int First => function.FirstInstruction;

    /// <summary>The slot at <paramref name="index"/>; behind the last one there are empty ones.</summary>
    public Instruction this[int index] =>
        index < Count ? Instruction.Read(_bytes.Span[(index * Instruction.Size)..], elf.IsBigEndian) : default;

    /// <summary>The symbol that an instruction is relocated against, or null.</summary>
    public uint? SymbolAt(int index) => relocations.SymbolAt(Section, (uint)(First + index));
}
