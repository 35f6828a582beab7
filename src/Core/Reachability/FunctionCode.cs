using Relo.Core.Bpf;
using Relo.Core.Objects;

namespace Relo.Core.Reachability;

/// <summary>
/// The instructions of one function, with what the loader does to them. A poisoned record's instruction is here as it was before: each is
/// judged as if the
/// others were valid.
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

    /// <summary>The slot at <paramref name="index"/>; after the last there are empty ones.</summary>
    public Instruction this[int index] => index < Instructions.Length ? Instructions[index] : default;

    /// <summary>What the verifier refuses here, by instruction.</summary>
    public Dictionary<int, Refusal> Refusals { get; } = [];

    /// <summary>Instructions whose operand is a poisoned record's, so that their result is not known.</summary>
    public HashSet<int> Poisoned { get; } = [];

    /// <summary>What 64-bit loads give that the loader fills in, by instruction.</summary>
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

    /// <summary>False where it is not known what a call or an address leads to: then it may be any function.</summary>
    public bool IsUnderstood { get; set; } = true;

    /// <summary>Which instructions are jumped to; null where the jumps are not understood.</summary>
    public bool[]? Targets { get; set; }
}
