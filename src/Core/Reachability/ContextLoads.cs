using Relo.Core.Bpf;

namespace Relo.Core.Reachability;

/// <summary>Collects the loads from the context while a program is walked.</summary>
internal sealed class ContextLoads
{
    private readonly HashSet<ContextRead> _reads = [];

    /// <summary>The loads.</summary>
    public IReadOnlySet<ContextRead> Reads => _reads;

    /// <summary>
    /// False after the program used something that the loader fills in and that is not known here, such as the version of a kernel
    /// without one: a branch on it may be one that this kernel does not take.
    /// </summary>
    public bool IsCertain { get; private set; } = true;

    public void Add(FunctionCode code, int at, Instruction instruction) =>
        _reads.Add(new(code.Program.Section.Index, code.Program.FirstInstruction + at, instruction.Off));

    public void LoseCertainty() => IsCertain = false;
}
