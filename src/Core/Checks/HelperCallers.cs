using Relo.Core.Bpf;
using Relo.Core.Elf;
using Relo.Core.Objects;
using Relo.Core.Reachability;

namespace Relo.Core.Checks;

/// <summary>Which programs call each helper, themselves or through functions of the object.</summary>
internal sealed class HelperCallers
{
    // Real objects have tens of thousands of calls. Beyond this limit no programs are named: the whole object needs the helper.
    private const int MaxCalls = 1 << 17;

    private readonly BpfObject _bpf;
    private readonly ILookup<int, int> _functionsByHelper;
    private readonly ILookup<int, int> _callers;

    public HelperCallers(BpfObject bpf)
    {
        _bpf = bpf;
        var calls = Calls().Take(MaxCalls + 1).ToList();
        if (calls.Count > MaxCalls) calls.Clear();
        _functionsByHelper = calls.Where(call => call.Instruction is { IsLoadImm64: false, Src: 0 })
            .ToLookup(call => call.Instruction.Imm, call => call.Function);
        _callers = Callers(calls).ToLookup(edge => edge.Callee, edge => edge.Caller);
    }

    /// <summary>The programs, in the object's order; for a function that no program calls, its own name.</summary>
    public IReadOnlyList<BpfProgram> Of(int helper)
    {
        var seen = _functionsByHelper[helper].ToHashSet();
        if (seen.Count == 0) return [];
        var pending = new Stack<int>(seen.Where(IsFunction));
        while (pending.TryPop(out var function))
            foreach (var caller in _callers[function])
                if (seen.Add(caller) && IsFunction(caller)) pending.Push(caller);
        var programs = seen.Where(index => !IsFunction(index)).DefaultIfEmpty(seen.First());
        return [.. programs.Order().Select(index => _bpf.Programs[index])];
    }

    private bool IsFunction(int index) => _bpf.Programs[index].IsSubprogram;

    /// <summary>Calls, and loads of addresses, which may be those of functions.</summary>
    private IEnumerable<Call> Calls()
    {
        for (var i = 0; i < _bpf.Programs.Length; i++)
        {
            var program = _bpf.Programs[i];
            var bytes = _bpf.Elf.DataOf(program.Section)[(program.FirstInstruction * Instruction.Size)..];
            for (var at = 0; at < program.InstructionCount; at++)
            {
                var instruction = Instruction.Read(bytes.Span[(at * Instruction.Size)..], _bpf.Elf.IsBigEndian);
                var isCall = instruction.Code == (Opcode.Jmp | Opcode.Call);
                if (isCall || instruction.IsLoadImm64) yield return new(i, program.FirstInstruction + at, instruction);
                if (instruction.IsLoadImm64) at++;
            }
        }
    }

    private IEnumerable<(int Callee, int Caller)> Callers(List<Call> calls)
    {
        if (ElfRelocations.Read(_bpf.Elf) is not { } relocations) yield break;
        var targets = new CallTargets(_bpf);
        var indexes = new Dictionary<BpfProgram, int>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < _bpf.Programs.Length; i++) indexes[_bpf.Programs[i]] = i;
        foreach (var call in calls)
            foreach (var function in Called(call, relocations, targets)) yield return (indexes[function], call.Function);
    }

    private IReadOnlyList<BpfProgram> Called(Call call, ElfRelocations relocations, CallTargets targets)
    {
        var program = _bpf.Programs[call.Function];
        if (relocations.SymbolAt(program.Section.Index, (uint)call.At) is { } index)
        {
            if (index >= (uint)_bpf.Elf.Symbols.Count) return [];
            var symbol = _bpf.Elf.Symbols[(int)index];
            var function = call.Instruction.IsLoadImm64
                ? targets.Taken(symbol, call.Instruction)
                : targets.Called(symbol, call.Instruction);
            return function is null ? [] : [function];
        }

        return call.Instruction is { IsLoadImm64: false, Src: 1 } ? targets.Near(program, call.At + 1L + call.Instruction.Imm) : [];
    }

    /// <summary>A call or a load of an address.</summary>
    /// <param name="Function">Index of the function that it is in.</param>
    /// <param name="At">Its place in the section.</param>
    /// <param name="Instruction">The instruction.</param>
    private readonly record struct Call(int Function, int At, Instruction Instruction);
}
