using Relo.Core.Objects;

namespace Relo.Core.Diagnoses;

/// <summary>
/// A program as a loader hands it to the kernel: its own instructions, then those of each function that it uses, in the loader's order.
/// The verifier counts instructions through all of them.
/// </summary>
/// <param name="functions">The functions, the program first.</param>
internal sealed class LoadedProgram(IReadOnlyList<BpfProgram> functions)
{
    private readonly long[] _starts = StartsOf(functions);

    /// <summary>The program.</summary>
    public BpfProgram Entry => functions[0];

    /// <summary>The functions, the program first.</summary>
    public IReadOnlyList<BpfProgram> Functions => functions;

    /// <summary>The function that has an instruction, and the instruction's index in its section; null after the end.</summary>
    public CodePlace? At(int instruction)
    {
        var found = Array.BinarySearch(_starts, (long)instruction);
        var part = found < 0 ? ~found - 1 : found; // the last one that starts no later
        var (function, index) = (functions[part], instruction - _starts[part]);
        return index < function.InstructionCount ? new CodePlace(function, function.FirstInstruction + (int)index) : null;
    }

    // The index of each function's first instruction.
    private static long[] StartsOf(IReadOnlyList<BpfProgram> functions)
    {
        var (starts, next) = (new long[functions.Count], 0L);
        for (var i = 0; i < starts.Length; i++)
        {
            starts[i] = next;
            next += functions[i].InstructionCount;
        }
        return starts;
    }
}
