using Relo.Core.Elf;

namespace Relo.Core.Objects;

/// <summary>A function of the object: an entry program, or a subprogram in <c>.text</c>.</summary>
/// <param name="Name">Name of its symbol.</param>
/// <param name="Section">The section its instructions are in.</param>
/// <param name="FirstInstruction">Index of its first instruction within the section.</param>
/// <param name="InstructionCount">Number of 8-byte slots.</param>
public sealed record BpfProgram(string Name, ElfSection Section, int FirstInstruction, int InstructionCount)
{
    /// <summary>Functions in <c>.text</c> are not loaded by themselves but appended to the programs that call them.</summary>
    public bool IsSubprogram => Section.Name == ".text";

    /// <summary><c>SEC("?…")</c>: libbpf loads it only on request.</summary>
    public bool IsOptional => Section.Name.StartsWith('?');

    /// <summary>Whether the instruction is one of this program's.</summary>
    public bool Contains(int sectionIndex, long instruction) =>
        Section.Index == sectionIndex && instruction >= FirstInstruction && instruction - FirstInstruction < InstructionCount;
}
