using Relo.Core.Elf;

namespace Relo.Core.Bpf;

/// <summary>Which functions of the object an instruction calls, or hands to a helper as a callback (bpf_object__reloc_code of libbpf).</summary>
internal sealed class CallTargets(BpfObject bpf)
{
    // Values of the source "register" of a call (BPF_PSEUDO_CALL) and of a 64-bit load (BPF_PSEUDO_FUNC).
    private const byte CallsFunction = 1;
    private const byte LoadsFunction = 4;

    // libbpf knows one .text, the last (bpf_object__elf_collect).
    private readonly ElfSection? _text = bpf.Elf.Sections.LastOrDefault(section => section is { Name: ".text", IsExecutable: true });

    /// <summary>The functions, none for most instructions; null when it cannot be told which.</summary>
    public IReadOnlyList<BpfProgram>? Of(FunctionCode code, int index)
    {
        var instruction = code[index];
        var isCall = instruction.Code == (Opcode.Jmp | Opcode.Call) && instruction.Src == CallsFunction;
        if (!isCall && !instruction.IsLoadImm64) return [];
        if (code.SymbolAt(index) is { } symbol) return WithSymbol(symbol, instruction, isCall);
        if (isCall) return WithoutSymbol(code, code.First + index + 1L + instruction.Imm);
        return instruction.Src == LoadsFunction ? null : [];
    }

    private BpfProgram[]? WithSymbol(uint index, Instruction instruction, bool isCall)
    {
        if (index >= (uint)bpf.Elf.Symbols.Count) return null;
        var (section, value) = (bpf.Elf.Symbols[(int)index].Section, bpf.Elf.Symbols[(int)index].Value);
        if (section == ElfSymbol.Undefined) return []; // a kernel function, or a variable
        if (section >= bpf.Elf.Sections.Count) return null;
        if (!isCall && !bpf.Elf.Sections[section].IsExecutable) return []; // a map, a global variable
        // A call counts slots from behind itself, so that the -1 of global functions means "at the symbol"; a load counts bytes.
        var place = isCall ? (long)(value / Instruction.Size) + instruction.Imm + 1 : unchecked((long)value + instruction.Imm) / Instruction.Size;
        return ProgramTable.Find(bpf.Programs, section, place) is { } function ? [function] : null;
    }

    // Functions of one section call each other without ELF relocations. libbpf looks in .text whatever the section, others in the same one.
    private BpfProgram[]? WithoutSymbol(FunctionCode code, long place)
    {
        var inText = _text is null ? null : ProgramTable.Find(bpf.Programs, _text.Index, place);
        var here = ProgramTable.Find(bpf.Programs, code.Section, place);
        return inText is null && here is null ? null : [.. new[] { inText, here }.OfType<BpfProgram>()];
    }
}
