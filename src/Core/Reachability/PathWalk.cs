using Relo.Core.Bpf;

namespace Relo.Core.Reachability;

/// <summary>
/// Follows paths through functions as the verifier does: it tracks what is known and follows only the branches that this leaves open.
/// It follows a static function at each call, with the call's arguments, and a global one separately, with unknown arguments.
/// </summary>
/// <remarks>
/// The verifier distinguishes all paths. Here each join keeps a limited number of states; beyond it, whatever they disagree on becomes
/// unknown. So the walk may reach more than the verifier, never less.
/// </remarks>
internal sealed class PathWalk(WalkSetting setting, StepBudget budget)
{
    // The cost of copying and comparing a frame of 75 values, in steps.
    private const int StepsPerFrame = 64;

    private readonly Dictionary<(int Chain, int Function, int At), List<WalkState>> _states = [];
    private readonly Dictionary<(int Chain, int Function, int At), int> _chains = [];
    private readonly Stack<WalkState> _pending = [];
    private readonly WalkRoots _roots = new();
    private readonly HashSet<int> _lost = [];
    private readonly HashSet<int> _entered = [];

    /// <summary>The reached instructions that the verifier refuses.</summary>
    public HashSet<Refusal> Reached { get; } = [];

    /// <summary>Functions found to be verified separately.</summary>
    public IReadOnlySet<int> Roots => _roots.All;

    /// <summary>
    /// Follows functions that are verified separately, and those found to be so on the way; without precision only the first one.
    /// </summary>
    /// <param name="functions">The functions.</param>
    /// <param name="argument">The argument of the first one, if it is known.</param>
    /// <returns>False if something is not understood or the budget is spent: then nothing is proven.</returns>
    public bool Run(IEnumerable<int> functions, KnownValue? argument = null)
    {
        foreach (var function in functions) _roots.Add(function);
        while (_roots.TryNext(out var root))
        {
            var start = new WalkState(root);
            if (argument is { } known) start.Frame[1] = known;
            argument = null;
            if (!Start(start)) return false;
            while (_pending.TryPop(out var state))
                if (!Follow(state)) return false;
            if (!setting.IsPrecise) break;
        }
        return true;
    }

    private bool Start(WalkState state)
    {
        var code = setting.Code(state.Function);
        if (code.Targets is null || !budget.Pay(_entered.Add(state.Function) ? code.Count : 1)) return false;
        return Meet(state);
    }

    /// <summary>Follows one path to its end or to a join.</summary>
    private bool Follow(WalkState state)
    {
        while (budget.Pay(1))
        {
            var code = setting.Code(state.Function);
            if (code.Refusals.TryGetValue(state.At, out var refusal))
            {
                Reached.Add(refusal);
                // bpf_core_unreachable() does not return; anything may follow it.
                if (refusal.Kind == RefusalKind.PoisonedCall) return true;
            }
            switch (Step(code, state))
            {
                case Flow.Odd: return false;
                case Flow.End: return true;
            }
            state.At += code[state.At].IsLoadImm64 ? 2 : 1;
            if (state.At >= code.Count) return false; // runs past its end
            if (code.Targets![state.At]) return Meet(state);
        }
        return false;
    }

    private Flow Step(FunctionCode code, WalkState state)
    {
        var instruction = code[state.At];
        if ((instruction.Code & Opcode.ClassMask) is Opcode.Jmp or Opcode.Jmp32) return Jump(code, instruction, state);
        _roots.AddLost(instruction, state.Frame);
        return setting.Transfer.Apply(code, state) ? Flow.Next : Flow.Odd;
    }

    private Flow Jump(FunctionCode code, Instruction instruction, WalkState state)
    {
        if (instruction.Code == (Opcode.Jmp | Opcode.Exit)) return Exit(state);
        if (instruction.Code == (Opcode.Jmp | Opcode.Call)) return Call(code, instruction, state);
        if (JumpMap.IsIndirect(instruction)) return JumpToAll(code, state);
        if (JumpMap.Distance(instruction) is not { } distance) return Flow.Odd;
        var target = state.At + 1 + distance;
        if (JumpMap.IsAlways(instruction) || JumpMap.IsMayGoto(instruction))
        {
            if (!MeetAt(target, state)) return Flow.Odd;
            return JumpMap.IsAlways(instruction) ? Flow.End : Flow.Next;
        }
        if (instruction.Dst > Frame.FramePointer || instruction.Src > Frame.FramePointer) return Flow.Odd;
        var taken = Branch.IsTaken(instruction, state.Frame, setting.Assumptions);
        var (ifTaken, ifNot) = Branch.Learned(instruction, state.Frame);
        if (taken != false && !MeetAt(target, state, instruction.Dst, ifTaken)) return Flow.Odd;
        if (ifNot is { } known) state.Learn(instruction.Dst, known);
        return taken == true ? Flow.End : Flow.Next;
    }

    private Flow JumpToAll(FunctionCode code, WalkState state)
    {
        foreach (var target in code.IndirectTargets)
            if (!MeetAt(target, state)) return Flow.Odd;
        return Flow.End;
    }

    private Flow Exit(WalkState state)
    {
        if (state.Depth == 0) return Flow.End;
        var site = state.Leave();
        if (site.Callback is { } callback)
        {
            // The helper may call it again, with the current stack.
            var again = state.Clone();
            again.At = site.Instruction;
            if (!EnterCallback(callback, again)) return Flow.Odd;
            state.Frame[0] = KnownValue.Other;
        }
        return state.At < setting.Code(state.Function).Count && Meet(state) ? Flow.End : Flow.Odd;
    }

    private Flow Call(FunctionCode code, Instruction instruction, WalkState state)
    {
        if (code.Calls.TryGetValue(state.At, out var callees))
        {
            if (setting.IsPrecise && callees.Count == 1 && !setting.IsGlobal(callees[0]))
                return Enter(callees[0], null, state) ? Flow.End : Flow.Odd;
            foreach (var callee in callees) _roots.Add(callee);
            state.ForgetStacks();
        }
        else
        {
            if (code.Ends.Contains(state.At)) return Flow.End;
            if (!CallBack(instruction, state)) return Flow.Odd;
        }
        state.Frame.ForgetScratch();
        if (instruction.Src == 0 && Helpers.ReturnsNumber(instruction.Imm)) state.Frame[0] = KnownValue.Scalar();
        return Flow.Next;
    }

    /// <summary>
    /// A helper or kernel function, which may call functions of the object: one called before it returns is followed from here, others
    /// separately.
    /// </summary>
    private bool CallBack(Instruction instruction, WalkState state)
    {
        var helper = instruction.Src == 0 ? instruction.Imm : 0;
        var context = setting.IsPrecise ? Helpers.FindCalling(helper) : null;
        var followed = context is { } c && state.Frame[c.Function].Kind == ValueKind.Function ? c.Function : 0;
        for (var register = 1; register <= 5; register++)
            if (register != followed && state.Frame[register] is { Kind: ValueKind.Function, Place: var function }) _roots.Add(function);
        if (context is { } known && followed != 0)
        {
            // The helper itself writes nothing; the function's own writes are tracked when it is followed.
            var callback = new Callback(state.Frame[followed].Place, known.Receives, state.Frame[known.Context]);
            return Helpers.CallsNothing(helper, state.Frame, setting.Verifier) || EnterCallback(callback, state.Clone());
        }
        if (Helpers.WritesFirstArgument(helper)) state.ForgetFirstArgument();
        else if (!Helpers.TakesNothing(helper)) state.ForgetArguments();
        return true;
    }

    private bool EnterCallback(Callback callback, WalkState state)
    {
        for (var register = 1; register <= 5; register++)
            state.Frame[register] = register == callback.Register ? callback.Context : KnownValue.Other;
        return Enter(callback.Function, callback, state);
    }

    private bool Enter(int function, Callback? callback, WalkState state)
    {
        if (state.Depth + 1 >= WalkState.MaxFrames) return false;
        var key = (state.Chain, state.Function, state.At);
        if (!_chains.TryGetValue(key, out var chain)) _chains.Add(key, chain = _chains.Count + 1);
        state.Enter(function, new(state.Function, state.At, state.Chain, callback), chain);
        return Start(state);
    }

    private bool MeetAt(int at, WalkState state, int register = 0, KnownValue? learned = null)
    {
        var other = state.Clone();
        other.At = at;
        if (learned is { } constant) other.Learn(register, constant);
        return Meet(other);
    }

    /// <summary>Adds a path at a join; it continues from there if it brings anything new.</summary>
    /// <returns>False if the budget is spent.</returns>
    private bool Meet(WalkState state)
    {
        var key = (state.Chain, state.Function, state.At);
        if (!_states.TryGetValue(key, out var known)) _states.Add(key, known = []);
        if (!budget.Pay(StepsPerFrame * (state.Depth + 1))) return false;
        foreach (var before in known)
            if (before.Covers(state)) return true;
        if (known.Count < setting.StatesPerPlace) known.Add(state.Clone());
        else
        {
            if (!known[^1].Join(state, _lost)) return true;
            foreach (var function in _lost) _roots.Add(function);
            _lost.Clear();
            state = known[^1].Clone();
        }
        _pending.Push(state);
        return true;
    }

    private enum Flow
    {
        /// <summary>To the next instruction.</summary>
        Next,

        /// <summary>The path ends, or continues later from another place.</summary>
        End,

        /// <summary>The instruction is not understood.</summary>
        Odd,
    }
}
