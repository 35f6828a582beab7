using Relo.Core.Objects;

namespace Relo.Core.Diagnoses;

/// <summary>
/// A program as a loader hands it to the kernel: its own instructions, then those of each function that it uses, in the loader's order.
/// The verifier counts instructions through all of them.
/// </summary>
/// <param name="Entry">The program.</param>
/// <param name="Parts">The functions, the program first, each with the index of its first instruction.</param>
internal sealed record LoadedProgram(BpfProgram Entry, IReadOnlyList<(BpfProgram Function, int Start)> Parts)
{
    /// <summary>Lays functions out one after another.</summary>
    public static LoadedProgram Of(IEnumerable<BpfProgram> functions)
    {
        var (parts, start) = (new List<(BpfProgram, int)>(), 0);
        foreach (var function in functions)
        {
            parts.Add((function, start));
            start += function.InstructionCount;
        }
        return new(parts[0].Item1, parts);
    }

    /// <summary>The function that has an instruction, and the instruction's index in its section; null after the end.</summary>
    public CodePlace? At(int instruction)
    {
        foreach (var (function, start) in Parts)
            if (instruction >= start && instruction - start < function.InstructionCount)
                return new(function, function.FirstInstruction + instruction - start);
        return null;
    }
}
