using Relo.Core.Btf;
using Relo.Core.Elf;
using Relo.Core.Objects;

namespace Relo.Core.Reachability;

/// <summary>
/// Walks each program of an object with the functions that the loader adds to it:
/// <code>
///   entry program ── any call, dead ones too ─▶ functions in .text     what libbpf loads (bpf_object__reloc_code)
///         └───────── reached call, callback ──▶ functions in .text     what the verifier looks into
/// </code>
/// First it walks each function once with unknown arguments, which is cheap and mostly sufficient. If that reaches something that the
/// verifier refuses, it walks the program again along its paths.
/// </summary>
internal sealed class ObjectWalk(
    BpfObject bpf, IReadOnlySet<Refusal> poisoned, CodeReader reader, KernelFacts kernel, Assumptions assumptions,
    CancellationToken cancellation)
{
    private const int MaxTargets = 32_768; // of jumps in a function, each a state in memory; real functions have a few hundred
    private const int StatesPerPlace = 16;
    private const long MaxStepsPerProgram = 1_000_000;

    private readonly Dictionary<int, FunctionCode> _codes = [];
    private readonly Dictionary<int, Summary> _summaries = [];
    private readonly Transfer _transfer = new(new ReadOnlyData(bpf.Elf), kernel, assumptions);
    private readonly HashSet<(int, ulong)> _globals = [.. bpf.Elf.Symbols.Where(IsGlobal).Select(s => ((int)s.Section, s.Value))];
    private readonly HashSet<int> _subprograms = [.. Enumerable.Range(0, bpf.Programs.Length).Where(i => bpf.Programs[i].IsSubprogram)];
    private readonly bool _hasExceptionCallback = HasExceptionCallback(bpf.Types);

    /// <summary>What the verifier refuses in one program, and which of it is reachable.</summary>
    /// <param name="entry">Index of the program.</param>
    /// <param name="budget">For the walk of each function once.</param>
    /// <param name="precise">For the walk along the paths.</param>
    public ProgramRefusals Of(int entry, StepBudget budget, StepBudget precise)
    {
        if (Loaded(entry, budget) is not { } loaded) return ProgramRefusals.Unknown(poisoned);
        var all = loaded.SelectMany(function => Code(function).Refusals.Values).ToHashSet();
        if (all.Count == 0) return new(all, all);
        int[] roots = [entry, .. IsAnyReached(loaded) ? loaded : kernel.Verifier.LazyGlobals ? [] : loaded.Where(IsGlobal)];
        var reached = Reached(roots, budget);
        if (reached.Count == 0) return new(all, reached);
        var walk = new PathWalk(Setting(isPrecise: true), precise.Part(MaxStepsPerProgram));
        if (walk.Run(roots)) reached.IntersectWith(walk.Reached);
        return new(all, reached);
    }

    /// <summary>
    /// Whether any of the functions may be verified separately: it handles exceptions, or the called function is unknown.
    /// </summary>
    private bool IsAnyReached(List<int> loaded) => _hasExceptionCallback || loaded.Exists(function => !Code(function).IsUnderstood);

    /// <summary>The functions that the loader combines into a program; null if the budget is spent.</summary>
    private List<int>? Loaded(int entry, StepBudget budget)
    {
        var loaded = new List<int> { entry };
        var seen = new HashSet<int> { entry };
        for (var i = 0; i < loaded.Count; i++)
        {
            var code = Code(loaded[i]);
            var needs = _hasExceptionCallback || !code.IsUnderstood ? _subprograms : code.Needs;
            if (!budget.Pay(1 + (seen.Count > _subprograms.Count ? 0 : needs.Count))) return null;
            if (seen.Count <= _subprograms.Count) loaded.AddRange(needs.Where(seen.Add));
        }
        return loaded;
    }

    private HashSet<Refusal> Reached(IEnumerable<int> roots, StepBudget budget)
    {
        var reached = new HashSet<Refusal>();
        var seen = roots.ToHashSet();
        var todo = new Queue<int>(seen);
        while (todo.TryDequeue(out var function))
        {
            var summary = Summarize(function, budget);
            reached.UnionWith(summary.Reached);
            foreach (var callee in summary.Calls.Where(seen.Add)) todo.Enqueue(callee);
        }
        return reached;
    }

    private Summary Summarize(int function, StepBudget budget)
    {
        if (_summaries.TryGetValue(function, out var known)) return known;
        var walk = new PathWalk(Setting(isPrecise: false), budget);
        // If something is not understood, nothing is proven for the function and those it calls.
        var summary = walk.Run([function])
            ? new Summary(walk.Reached, walk.Roots)
            : new(Code(function).Refusals.Values.ToHashSet(), Code(function).Needs);
        _summaries.Add(function, summary);
        return summary;
    }

    private WalkSetting Setting(bool isPrecise) =>
        new(Code, IsGlobal, kernel.Verifier, _transfer, assumptions, isPrecise, isPrecise ? StatesPerPlace : 1);

    private FunctionCode Code(int function)
    {
        if (_codes.TryGetValue(function, out var code)) return code;
        cancellation.ThrowIfCancellationRequested();
        code = reader.Read(function);
        if (code.Targets?.Count(target => target) > MaxTargets) code.Targets = null;
        _codes.Add(function, code);
        return code;
    }

    private bool IsGlobal(int function)
    {
        var program = bpf.Programs[function];
        return _globals.Contains((program.Section.Index, (ulong)program.FirstInstruction * Bpf.Instruction.Size));
    }

    // libbpf makes functions with restricted visibility static (bpf_object__add_programs: mark_btf_static).
    private static bool IsGlobal(ElfSymbol symbol) =>
        symbol is { Type: ElfSymbol.Function, Binding: not ElfSymbol.Local, Visibility: not (ElfSymbol.Hidden or ElfSymbol.Internal) };

    /// <summary>
    /// A function named in a declaration tag is called when another throws; the verifier checks it even without a caller (bpf_throw).
    /// </summary>
    private static bool HasExceptionCallback(BtfTypes types)
    {
        for (var id = types.FirstId; id < (uint)types.Count; id++)
            if (types[id] is { Kind: BtfKind.DeclTag } tag && types.Name(tag.NameOffset).StartsWith("exception_callback:"u8)) return true;
        return false;
    }

    /// <param name="Reached">What is reached in a function with unknown arguments.</param>
    /// <param name="Calls">The functions reached from it.</param>
    private sealed record Summary(IReadOnlySet<Refusal> Reached, IReadOnlySet<int> Calls);
}
