using Relo.Core.Objects;

namespace Relo.Core.Report;

/// <summary>An instruction of a program, before and after relocation.</summary>
/// <param name="Instruction">Its index in the section, as in <see cref="RelocationEntry"/>.</param>
/// <param name="Before">As the compiler wrote it.</param>
/// <param name="After">As it is loaded.</param>
/// <param name="Source">Its C line, if the object says it.</param>
public sealed record DisassembledInstruction(int Instruction, string Before, string After, SourceLine? Source);
