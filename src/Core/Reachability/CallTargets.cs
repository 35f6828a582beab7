using Relo.Core.Bpf;
using Relo.Core.Elf;
using Relo.Core.Objects;

namespace Relo.Core.Reachability;

/// <summary>
/// Finds the functions of the object that an instruction calls, or passes to a helper as a callback (bpf_object__reloc_code of libbpf).
/// </summary>
internal sealed class CallTargets(BpfObject bpf)
{
    // libbpf uses a single .text section, the last one (bpf_object__elf_collect).
    private readonly ElfSection? _text = bpf.Elf.Sections.LastOrDefault(section => section is { Name: ".text", IsExecutable: true });

    /// <summary>
    /// The function of a call with an ELF relocation. The call counts slots from the next instruction, so the -1 of global functions means
    /// "at the symbol".
    /// </summary>
    public BpfProgram? Called(ElfSymbol symbol, Instruction instruction) =>
        Find(symbol.Section, (long)(symbol.Value / Instruction.Size) + instruction.Imm + 1);

    /// <summary>The function whose address a load takes; the load counts bytes.</summary>
    public BpfProgram? Taken(ElfSymbol symbol, Instruction instruction) =>
        Find(symbol.Section, unchecked((long)symbol.Value + instruction.Imm) / Instruction.Size);

    /// <summary>
    /// Functions of one section call each other without ELF relocations. libbpf always searches .text; other loaders search the same
    /// section.
    /// </summary>
    public IReadOnlyList<BpfProgram> Near(BpfProgram caller, long place)
    {
        var inText = _text is null ? null : Find(_text.Index, place);
        var here = Find(caller.Section.Index, place);
        return inText is null ? here is null ? [] : [here] : here is null || here == inText ? [inText] : [inText, here];
    }

    private BpfProgram? Find(int section, long place) => ProgramTable.Find(bpf.Programs, section, place);
}
