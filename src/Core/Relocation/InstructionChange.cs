using Relo.Core.Bpf;

namespace Relo.Core.Relocation;

/// <summary>The effect of a record on its instruction.</summary>
/// <param name="Before">The instruction before, and the slot after it.</param>
/// <param name="After">The instruction now, and the slot after it.</param>
/// <param name="Poisoned">The reason why it is poisoned, or <see cref="Miss.None"/>.</param>
/// <param name="Error">0 or a negative errno: libbpf would refuse the object, or only the program if it is optional.</param>
/// <param name="Message">libbpf's text for the error, if it has one.</param>
public readonly record struct InstructionChange(
    (Instruction First, Instruction Second) Before,
    (Instruction First, Instruction Second) After,
    Miss Poisoned,
    int Error = 0,
    string? Message = null);
