using Relo.Core.Bpf;
using Relo.Core.Objects;

namespace Relo.Core.Reachability;

/// <summary>
/// The instructions of one function after the loader's changes. The instruction of a poisoned record appears as it was before poisoning:
/// each record is judged as if the others were valid.
/// </summary>
internal sealed class FunctionCode
{
    /// <param name="index">Index among the programs of the object.</param>
    /// <param name="program">The function.</param>
    /// <param name="instructions">Its instructions.</param>
    public FunctionCode(int index, BpfProgram program, Instruction[] instructions) =>
        (Index, Program, Instructions) = (index, program, instructions);

    public int Index { get; }

    public BpfProgram Program { get; }

    public Instruction[] Instructions { get; }

    public int Count => Instructions.Length;

    /// <summary>The slot at <paramref name="index"/>; empty after the last one.</summary>
    public Instruction this[int index] => index < Instructions.Length ? Instructions[index] : default;

    /// <summary>What the verifier refuses here, by instruction.</summary>
    public Dictionary<int, Refusal> Refusals { get; } = [];

    /// <summary>Instructions whose operand a poisoned record would set, so that their result is unknown.</summary>
    public HashSet<int> Poisoned { get; } = [];

    /// <summary>Values of 64-bit loads that the loader fills in, by instruction.</summary>
    public Dictionary<int, KnownValue> Loads { get; } = [];

    /// <summary>Externs whose address is loaded, by instruction.</summary>
    public Dictionary<int, string> Externs { get; } = [];

    /// <summary>Functions of the object that are called, by instruction.</summary>
    public Dictionary<int, IReadOnlyList<int>> Calls { get; } = [];

    /// <summary>Calls that do not return.</summary>
    public HashSet<int> Ends { get; } = [];

    /// <summary>Every function whose address is taken or that is called, in dead code too: libbpf appends them all.</summary>
    public HashSet<int> Needs { get; } = [];

    /// <summary>
    /// Places in <c>.jumptables</c> that the function uses: instructions of this function that an indirect jump may go to.
    /// </summary>
    public SortedSet<int> IndirectTargets { get; } = [];

    /// <summary>False if the target of a call or an address is unknown: then it may be any function.</summary>
    public bool IsUnderstood { get; set; } = true;

    /// <summary>Instructions that are jump targets; null if the jumps are not understood.</summary>
    public bool[]? Targets { get; set; }
}
