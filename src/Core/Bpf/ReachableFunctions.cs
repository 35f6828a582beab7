using Relo.Core.Btf;
using Relo.Core.Elf;

namespace Relo.Core.Bpf;

/// <summary>
/// Goes through the functions that the verifier looks into:
/// <code>
///   entry programs ── reached call, callback ──▶ functions in .text
///          └───────── any call, dead ones too ─▶ global functions in .text
/// </code>
/// libbpf copies what a program calls behind it, whether the call is dead or not, and nothing else. A static function is then
/// verified as part of its callers; a global one by itself, in Linux 5.6 to 6.7 even when it is only called from dead code
/// (do_check_subprogs).
/// </summary>
internal sealed class ReachableFunctions(BpfObject bpf, ReadOnlyMemory<byte> patched, ElfRelocations relocations, StepBudget budget)
{
    private const int StepsPerFunction = 64;

    private readonly CallTargets _targets = new(bpf);
    private readonly HashSet<(int, ulong)> _globals =
        [.. bpf.Elf.Symbols.Where(s => s is { Type: ElfSymbol.Function, Binding: not ElfSymbol.Local }).Select(s => ((int)s.Section, s.Value))];

    private readonly HashSet<BpfProgram> _loaded = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<BpfProgram> _reached = new(ReferenceEqualityComparer.Instance);
    private readonly Queue<BpfProgram> _toLoad = [];
    private readonly Queue<BpfProgram> _toWalk = [];
    private bool _allReached;

    /// <summary>Each function that can be reached, with the instructions of it that can be; not all of them when the budget is spent.</summary>
    public IEnumerable<(FunctionCode Code, bool[] Visited)> Walk()
    {
        foreach (var program in bpf.Programs.Where(IsEntry)) Reach(program);
        if (HasExceptionCallback()) ReachAll();
        while (_toWalk.Count > 0 || _toLoad.Count > 0)
        {
            while (_toLoad.TryDequeue(out var loaded)) LoadCallees(loaded);
            if (!_toWalk.TryDequeue(out var program)) continue;
            if (!budget.Pay(StepsPerFunction + program.InstructionCount)) yield break;
            var code = CodeOf(program);
            var visited = FunctionWalk.Visit(code, budget);
            for (var i = 0; i < visited.Length; i++)
                if (visited[i]) Reach(_targets.Of(code, i));
            yield return (code, visited);
        }
    }

    /// <summary>libbpf takes the functions in .text for subprograms, unless there is but one program (prog_is_subprog).</summary>
    private bool IsEntry(BpfProgram program) => !program.IsSubprogram || bpf.Programs.Length == 1;

    private void Reach(IReadOnlyList<BpfProgram>? functions)
    {
        if (functions is null) ReachAll();
        else foreach (var function in functions) Reach(function);
    }

    private void ReachAll()
    {
        // Once: each call that leads nobody knows where would go through all of them again.
        if (_allReached || !budget.Pay(bpf.Programs.Length)) return;
        _allReached = true;
        Reach(bpf.Programs);
    }

    private void Reach(BpfProgram function)
    {
        if (!_reached.Add(function)) return;
        _toWalk.Enqueue(function);
        if (_loaded.Add(function)) _toLoad.Enqueue(function);
    }

    /// <summary>What libbpf appends for a function: everything that is called anywhere in it.</summary>
    private void LoadCallees(BpfProgram function)
    {
        if (!budget.Pay(StepsPerFunction + function.InstructionCount)) return;
        var code = CodeOf(function);
        for (var i = 0; i < code.Count; i++)
        {
            if (_targets.Of(code, i) is not { } callees)
            {
                ReachAll();
                return;
            }
            foreach (var callee in callees)
            {
                if (_globals.Contains((callee.Section.Index, (ulong)callee.FirstInstruction * Instruction.Size))) Reach(callee);
                else if (_loaded.Add(callee)) _toLoad.Enqueue(callee);
            }
        }
    }

    private FunctionCode CodeOf(BpfProgram function) => new(bpf.Elf, patched, relocations, function);

    /// <summary>A function named in a declaration tag is called when another throws, and verified whoever calls it (bpf_throw).</summary>
    private bool HasExceptionCallback()
    {
        for (var id = bpf.Types.FirstId; id < (uint)bpf.Types.Count; id++)
            if (bpf.Types[id] is { Kind: BtfKind.DeclTag } tag && bpf.Types.Name(tag.NameOffset).StartsWith("exception_callback:"u8)) return true;
        return false;
    }
}
