using Relo.Core.BtfExt;
using Relo.Core.Elf;

namespace Relo.Core.Objects;

/// <summary>A CO-RE record with its section and program.</summary>
/// <param name="Index">Index among all records of the object.</param>
/// <param name="IndexInSection">Index among the records of its section: libbpf's <c>relo #N</c>.</param>
/// <param name="SectionName">Section named by <c>.BTF.ext</c>.</param>
/// <param name="Relo">The record.</param>
/// <param name="Section">The ELF section of that name, or null.</param>
/// <param name="Program">The program that contains its instruction, or null: then libbpf skips the record.</param>
/// <param name="Spec">Index of its access among the object's distinct accesses.</param>
public readonly record struct CoreRecord(
    int Index, int IndexInSection, string SectionName, CoreRelo Relo, ElfSection? Section, BpfProgram? Program, int Spec)
{
    /// <summary>Index of the instruction within the section.</summary>
    public long Instruction => Relo.InstructionOffset / Bpf.Instruction.Size;

    /// <summary>Whether the program is optional.</summary>
    public bool IsOptional => Program is { IsOptional: true };
}
