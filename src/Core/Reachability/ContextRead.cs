namespace Relo.Core.Reachability;

/// <summary>A load from the context of a program.</summary>
/// <param name="Section">Index of the section of the instruction.</param>
/// <param name="Instruction">Index of the instruction within its section.</param>
/// <param name="Offset">Offset within the context, in bytes.</param>
internal readonly record struct ContextRead(int Section, int Instruction, int Offset);
