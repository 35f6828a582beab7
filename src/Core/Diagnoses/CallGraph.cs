using Relo.Core.Bpf;
using Relo.Core.Elf;
using Relo.Core.Objects;
using Relo.Core.Reachability;

namespace Relo.Core.Diagnoses;

/// <summary>Which functions of the object each function calls or takes the address of, in the order of its instructions.</summary>
internal sealed class CallGraph(BpfObject bpf)
{
    private const byte CallsFunction = 1; // BPF_PSEUDO_CALL

    private readonly ElfRelocations? _relocations = ElfRelocations.Read(bpf.Elf);
    private readonly CallTargets _targets = new(bpf);
    private readonly Dictionary<BpfProgram, IReadOnlyList<BpfProgram>> _known = new(ReferenceEqualityComparer.Instance);

    // Functions may overlap: without this sum, a small file could declare the same instructions as functions many times.
    private int _left = bpf.Bytes.Length / Instruction.Size;

    /// <summary>The functions, each once.</summary>
    public IReadOnlyList<BpfProgram> Of(BpfProgram function)
    {
        if (!_known.TryGetValue(function, out var callees)) _known.Add(function, callees = Read(function));
        return callees;
    }

    private List<BpfProgram> Read(BpfProgram function)
    {
        var (found, seen) = (new List<BpfProgram>(), new HashSet<BpfProgram>(ReferenceEqualityComparer.Instance));
        if (_relocations is null || function.InstructionCount > _left) return found;
        _left -= function.InstructionCount;
        var code = bpf.Elf.DataOf(function.Section).Span.Slice(
            function.FirstInstruction * Instruction.Size, function.InstructionCount * Instruction.Size);
        for (var i = 0; i < function.InstructionCount; i++)
        {
            var instruction = Instruction.Read(code[(i * Instruction.Size)..], bpf.Elf.IsBigEndian);
            if (Callee(function, function.FirstInstruction + i, instruction) is { } callee && seen.Add(callee)) found.Add(callee);
            if (instruction.IsLoadImm64) i++;
        }
        return found;
    }

    private BpfProgram? Callee(BpfProgram function, int place, Instruction instruction)
    {
        var isCall = instruction.Code == (Opcode.Jmp | Opcode.Call);
        if (!isCall && !instruction.IsLoadImm64) return null;
        if (_relocations!.SymbolAt(function.Section.Index, (uint)place) is not { } index)
            return isCall && instruction.Src == CallsFunction && _targets.Near(function, place + 1L + instruction.Imm) is [var near, ..]
                ? near
                : null;
        if (index >= (uint)bpf.Elf.Symbols.Count) return null;
        var symbol = bpf.Elf.Symbols[(int)index];
        if (symbol.Section == ElfSymbol.Undefined || symbol.Section >= bpf.Elf.Sections.Count
            || !bpf.Elf.Sections[symbol.Section].IsExecutable)
            return null;
        return isCall ? _targets.Called(symbol, instruction) : _targets.Taken(symbol, instruction);
    }
}
