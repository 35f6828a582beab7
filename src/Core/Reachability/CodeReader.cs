using Relo.Core.Bpf;
using Relo.Core.Elf;
using Relo.Core.Objects;
using Relo.Core.Relocation;

namespace Relo.Core.Reachability;

/// <summary>
/// Reads the functions of a relocated object as the verifier sees them: after the loader has changed calls and 64-bit loads.
/// </summary>
internal sealed class CodeReader
{
    // Values of the source "register" of a call (BPF_PSEUDO_CALL, BPF_PSEUDO_KFUNC_CALL) and of a 64-bit load (BPF_PSEUDO_FUNC).
    private const byte CallsHelper = 0;
    private const byte CallsFunction = 1;
    private const byte CallsKfunc = 2;
    private const byte LoadsFunction = 4;

    private readonly BpfObject _bpf;
    private readonly ReadOnlyMemory<byte> _patched;
    private readonly ElfRelocations _relocations;
    private readonly KernelFacts _kernel;
    private readonly CallTargets _targets;
    private readonly JumpTables _tables;
    private readonly Dictionary<BpfProgram, int> _indexes = new(ReferenceEqualityComparer.Instance);
    private readonly ILookup<BpfProgram?, Fixup> _poisoned;

    public CodeReader(BpfObject bpf, Relocated relocated, ElfRelocations relocations, KernelFacts kernel)
    {
        (_bpf, _patched, _relocations, _kernel) = (bpf, relocated.PatchedBytes, relocations, kernel);
        _targets = new(bpf);
        _tables = new(bpf);
        for (var i = 0; i < bpf.Programs.Length; i++) _indexes[bpf.Programs[i]] = i;
        _poisoned = relocated.Fixups.Where(fixup => fixup.IsPoisoned)
            .ToLookup(fixup => fixup.Record.Program, (IEqualityComparer<BpfProgram?>)ReferenceEqualityComparer.Instance);
    }

    /// <summary>Reads the function of an index.</summary>
    public FunctionCode Read(int index)
    {
        var program = _bpf.Programs[index];
        var code = new FunctionCode(index, program, Decode(program));
        foreach (var fixup in _poisoned[program]) Restore(code, fixup);
        for (var i = 0; i < code.Count; i++)
        {
            var instruction = code[i];
            if (instruction.IsLoadImm64) Load(code, i++, instruction);
            else if (instruction.Code == (Opcode.Jmp | Opcode.Call)) Call(code, i, instruction);
        }
        code.Targets = JumpMap.Targets(code);
        return code;
    }

    private Instruction[] Decode(BpfProgram program)
    {
        var start = (int)program.Section.Offset + (program.FirstInstruction * Instruction.Size);
        var bytes = _patched.Span.Slice(start, program.InstructionCount * Instruction.Size);
        var instructions = new Instruction[program.InstructionCount];
        for (var i = 0; i < instructions.Length; i++)
            instructions[i] = Instruction.Read(bytes[(i * Instruction.Size)..], _bpf.Elf.IsBigEndian);
        return instructions;
    }

    private static void Restore(FunctionCode code, Fixup fixup)
    {
        var at = (int)fixup.Record.Instruction - code.Program.FirstInstruction;
        if (!code.Refusals.TryAdd(at, new(RefusalKind.PoisonedRecord, code.Program, (int)fixup.Record.Instruction))) return;
        code.Poisoned.Add(at);
        code.Instructions[at] = fixup.Change.Before.First;
        if (fixup.Change.Before.First.IsLoadImm64 && at + 1 < code.Count) code.Instructions[at + 1] = fixup.Change.Before.Second;
    }

    /// <summary>
    /// The symbol that an instruction is relocated against; null if there is none, or if it is not in the symbol table.
    /// </summary>
    private ElfSymbol? SymbolAt(FunctionCode code, int at)
    {
        if (_relocations.SymbolAt(code.Program.Section.Index, (uint)(code.Program.FirstInstruction + at)) is not { } index) return null;
        if (index < (uint)_bpf.Elf.Symbols.Count) return _bpf.Elf.Symbols[(int)index];
        code.IsUnderstood = false;
        return null;
    }

    private void Load(FunctionCode code, int at, Instruction instruction)
    {
        if (code.Poisoned.Contains(at)) return;
        var relocated = SymbolAt(code, at);
        if (relocated is null && instruction.Src != LoadsFunction && code.IsUnderstood) return;
        code.Loads[at] = KnownValue.Other; // a map, or a variable that may change
        if (relocated is not { } symbol) code.IsUnderstood = false;
        else if (symbol.Section == ElfSymbol.Undefined) code.Externs[at] = symbol.Name;
        else if (symbol.Section >= _bpf.Elf.Sections.Count) code.IsUnderstood = false;
        else if (_bpf.Elf.Sections[symbol.Section] is var section && section.IsExecutable)
            Take(code, at, _targets.Taken(symbol, instruction));
        else if (section.Name == JumpTables.Section) code.IsUnderstood &= _tables.Collect(symbol, code.Program, code.IndirectTargets);
        else if (ReadOnlyData.Is(section)) code.Loads[at] = KnownValue.Data(section.Index, unchecked((long)symbol.Value + instruction.Imm));
    }

    private void Call(FunctionCode code, int at, Instruction instruction)
    {
        if (code.Refusals.ContainsKey(at)) return;
        if (instruction == InstructionPatcher.Poison) Refuse(code, at, RefusalKind.PoisonedCall, null);
        else if (SymbolAt(code, at) is { } symbol) CallSymbol(code, at, instruction, symbol);
        else if (instruction.Src == CallsFunction)
            CallAll(code, at, _targets.Near(code.Program, code.Program.FirstInstruction + at + 1L + instruction.Imm));
        else if (instruction.Src == CallsHelper && _kernel.LacksHelper(instruction.Imm))
            Refuse(code, at, RefusalKind.UnknownHelper, $"{instruction.Imm}");
    }

    private void CallSymbol(FunctionCode code, int at, Instruction instruction, ElfSymbol symbol)
    {
        // libbpf turns a call of an undefined symbol into a kernel function call, regardless of its source register.
        if (symbol.Section == ElfSymbol.Undefined)
        {
            code.Instructions[at] = instruction with { Src = CallsKfunc };
            if (symbol.Name == "bpf_throw") code.Ends.Add(at);
            if (_kernel.IsAbsentKfunc(symbol)) Refuse(code, at, RefusalKind.AbsentKfunc, symbol.Name);
        }
        else if (symbol.Section >= _bpf.Elf.Sections.Count) code.IsUnderstood = false;
        else CallAll(code, at, _targets.Called(symbol, instruction) is { } function ? [function] : []);
    }

    private void CallAll(FunctionCode code, int at, IReadOnlyList<BpfProgram> functions)
    {
        if (functions.Count == 0) code.IsUnderstood = false;
        code.Calls[at] = [.. functions.Select(function => _indexes[function])];
        code.Needs.UnionWith(code.Calls[at]);
    }

    private void Take(FunctionCode code, int at, BpfProgram? function)
    {
        if (function is null)
        {
            code.IsUnderstood = false;
            return;
        }
        code.Loads[at] = KnownValue.Function(_indexes[function]);
        code.Needs.Add(_indexes[function]);
    }

    private static void Refuse(FunctionCode code, int at, RefusalKind kind, string? name) =>
        code.Refusals[at] = new(kind, code.Program, code.Program.FirstInstruction + at, name);
}
