using Relo.Core.Relocation;

namespace Relo.Core.Bpf;

/// <summary>
/// Which instructions of one function can be reached: a forward walk that carries constants along and follows only the side
/// of a branch that they leave open. Where paths meet, what they disagree on becomes unknown; the verifier takes every path
/// for itself, so it knows no less than this walk and reaches no more.
/// </summary>
internal sealed class FunctionWalk
{
    // Far above real functions, which have some hundreds of places to meet; each costs a state in memory.
    private const int MaxMeetingPlaces = 32_768;

    // A place to meet costs a state to copy and to compare.
    private const int StepsToMeet = 16;

    private readonly FunctionCode _code;
    private readonly StepBudget _budget;
    private readonly bool[] _targets;
    private readonly bool[] _visited;
    private readonly Dictionary<int, KnownState> _states = [];
    private readonly Stack<int> _pending = [];

    private FunctionWalk(FunctionCode code, bool[] targets, StepBudget budget)
    {
        (_code, _targets, _budget) = (code, targets, budget);
        _visited = new bool[code.Count];
    }

    private enum Flow
    {
        /// <summary>To the next instruction.</summary>
        Next,

        /// <summary>The path ends, or goes on elsewhere.</summary>
        End,

        /// <summary>This is no instruction that we understand.</summary>
        Odd,
    }

    /// <summary>
    /// For each slot whether it can be reached; all can where the function holds anything that is not understood, or where the
    /// budget runs out.
    /// </summary>
    public static bool[] Visit(FunctionCode code, StepBudget budget)
    {
        if (JumpMap.Targets(code) is { } targets && targets.Count(target => target) <= MaxMeetingPlaces)
        {
            var walk = new FunctionWalk(code, targets, budget);
            if (walk.Run()) return walk._visited;
        }
        var all = new bool[code.Count];
        Array.Fill(all, true);
        return all;
    }

    private bool Run()
    {
        Meet(0, KnownState.AtEntry());
        while (_pending.TryPop(out var at))
            if (!_budget.Pay(StepsToMeet) || !Follow(at, _states[at].Clone())) return false;
        return true;
    }

    /// <summary>Follows one path to its end or to a place where others join it.</summary>
    private bool Follow(int at, KnownState state)
    {
        while (_budget.Pay(1))
        {
            _visited[at] = true;
            var instruction = _code[at];
            switch (Step(at, instruction, state))
            {
                case Flow.Odd: return false;
                case Flow.End: return true;
            }
            at += instruction.IsLoadImm64 ? 2 : 1;
            if (at >= _code.Count) return false; // it runs off its end
            if (!_targets[at]) continue;
            Meet(at, state);
            return true;
        }
        return false;
    }

    private Flow Step(int at, Instruction instruction, KnownState state)
    {
        if (instruction == InstructionPatcher.Poison) return Flow.End;
        if ((instruction.Code & Opcode.ClassMask) is Opcode.Jmp or Opcode.Jmp32) return Jump(at, instruction, state);
        var isRelocated = instruction.IsLoadImm64 && _code.SymbolAt(at) is not null;
        return Transfer.Apply(instruction, _code[at + 1], isRelocated, state) ? Flow.Next : Flow.Odd;
    }

    private Flow Jump(int at, Instruction instruction, KnownState state)
    {
        if (instruction.Code == (Opcode.Jmp | Opcode.Exit)) return Flow.End;
        if (instruction.Code == (Opcode.Jmp | Opcode.Call))
        {
            state.ForgetAtCall();
            return Flow.Next;
        }
        if (JumpMap.Distance(instruction) is not { } distance) return Flow.Odd;
        var target = at + 1 + distance;
        if (JumpMap.IsAlways(instruction) || JumpMap.IsMayGoto(instruction))
        {
            Meet(target, state);
            return JumpMap.IsAlways(instruction) ? Flow.End : Flow.Next;
        }
        if (instruction.Dst > 10 || instruction.Src > 10) return Flow.Odd;
        var left = state[instruction.Dst];
        var right = (instruction.Code & Opcode.SourceMask) == Opcode.SourceReg ? state[instruction.Src] : KnownValue.Constant(unchecked((ulong)(long)instruction.Imm));
        var taken = left.IsConstant && right.IsConstant ? ConstantFolding.IsTaken(instruction.Code, left.Bits, right.Bits) : (bool?)null;
        if (taken != false) Meet(target, state);
        return taken == true ? Flow.End : Flow.Next;
    }

    /// <summary>Brings a path to a place where others may have come before; goes on from there if it brings anything new.</summary>
    private void Meet(int at, KnownState state)
    {
        if (!_states.TryGetValue(at, out var known)) _states.Add(at, state.Clone());
        else if (!known.Join(state)) return;
        _pending.Push(at);
    }
}
