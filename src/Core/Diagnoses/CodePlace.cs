using Relo.Core.Objects;

namespace Relo.Core.Diagnoses;

/// <summary>An instruction of the object.</summary>
/// <param name="Function">The function that contains it.</param>
/// <param name="Instruction">Its index in the section.</param>
internal readonly record struct CodePlace(BpfProgram Function, int Instruction);
