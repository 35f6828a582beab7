using Relo.Core.Bpf;
using Relo.Core.Elf;
using Relo.Core.Objects;
using Relo.Core.Reachability;

namespace Relo.Core.Checks;

/// <summary>Which programs call each helper, themselves or through the object's functions.</summary>
internal sealed class HelperCallers
{
    private readonly BpfObject _bpf;
    private readonly ILookup<int, int> _functionsByHelper;
    private readonly Lazy<ILookup<int, int>> _callers;

    public HelperCallers(BpfObject bpf)
    {
        _bpf = bpf;
        _functionsByHelper = Calls().Where(call => call.Instruction is { IsLoadImm64: false, Src: 0 }).ToLookup(call => call.Instruction.Imm, call => call.Function);
        _callers = new(() => Callers().ToLookup(edge => edge.Callee, edge => edge.Caller));
    }

    /// <summary>The programs, in the object's order; a function that no program calls stands for itself.</summary>
    public IReadOnlyList<BpfProgram> Of(int helper)
    {
        var seen = _functionsByHelper[helper].ToHashSet();
        var pending = new Stack<int>(seen.Where(IsFunction));
        while (pending.TryPop(out var function))
            foreach (var caller in _callers.Value[function])
                if (seen.Add(caller) && IsFunction(caller)) pending.Push(caller);
        var programs = seen.Where(index => !IsFunction(index)).DefaultIfEmpty(seen.FirstOrDefault());
        return seen.Count == 0 ? [] : [.. programs.Order().Select(index => _bpf.Programs[index])];
    }

    private bool IsFunction(int index) => _bpf.Programs[index].IsSubprogram;

    private IEnumerable<(int Function, int At, Instruction Instruction)> Calls()
    {
        for (var i = 0; i < _bpf.Programs.Length; i++)
        {
            var program = _bpf.Programs[i];
            var bytes = _bpf.Elf.DataOf(program.Section).Slice(program.FirstInstruction * Instruction.Size, program.InstructionCount * Instruction.Size);
            for (var at = 0; at < program.InstructionCount; at++)
            {
                var instruction = Instruction.Read(bytes.Span[(at * Instruction.Size)..], _bpf.Elf.IsBigEndian);
                if (instruction.IsLoadImm64) at++;
                if (instruction.Code == (Opcode.Jmp | Opcode.Call) || instruction.IsLoadImm64) yield return (i, program.FirstInstruction + at, instruction);
            }
        }
    }

    private IEnumerable<(int Callee, int Caller)> Callers()
    {
        if (ElfRelocations.Read(_bpf.Elf) is not { } relocations) yield break;
        var targets = new CallTargets(_bpf);
        var indexes = new Dictionary<BpfProgram, int>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < _bpf.Programs.Length; i++) indexes[_bpf.Programs[i]] = i;
        foreach (var (caller, at, instruction) in Calls())
        {
            var program = _bpf.Programs[caller];
            var place = instruction.IsLoadImm64 ? at - 1 : at;
            IReadOnlyList<BpfProgram> called = [];
            if (relocations.SymbolAt(program.Section.Index, (uint)place) is { } index && index < (uint)_bpf.Elf.Symbols.Count)
            {
                var symbol = _bpf.Elf.Symbols[(int)index];
                if ((instruction.IsLoadImm64 ? targets.Taken(symbol, instruction) : targets.Called(symbol, instruction)) is { } function) called = [function];
            }
            else if (instruction is { IsLoadImm64: false, Src: 1 }) called = targets.Near(program, place + 1L + instruction.Imm);

            foreach (var function in called) yield return (indexes[function], caller);
        }
    }
}
