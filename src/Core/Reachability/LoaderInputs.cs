using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.Elf;
using Relo.Core.Objects;

namespace Relo.Core.Reachability;

/// <summary>
/// What an object leaves to the loader and the kernel besides its records: externs, and helpers by number. Independent of the kernel.
/// </summary>
internal sealed class LoaderInputs
{
    private LoaderInputs(IReadOnlyList<Extern> externs, IReadOnlySet<int> helpers) => (Externs, Helpers) = (externs, helpers);

    /// <summary>Its externs, each name once.</summary>
    public IReadOnlyList<Extern> Externs { get; }

    /// <summary>Numbers of the helpers that its code calls.</summary>
    public IReadOnlySet<int> Helpers { get; }

    public static LoaderInputs Of(BpfObject bpf)
    {
        var symbols = new Dictionary<string, ElfSymbol>(StringComparer.Ordinal);
        foreach (var symbol in bpf.Elf.Symbols)
            if (symbol.Section == ElfSymbol.Undefined && symbol.Name.Length > 0) symbols.TryAdd(symbol.Name, symbol);
        var externs = new List<Extern>();
        var seen = new HashSet<uint>();
        if (symbols.Count > 0)
        {
            foreach (var (section, type) in DataSections.EntriesOf(bpf.Types))
            {
                if (section is not (".kconfig" or ".ksyms") || !seen.Add(type.Id)) continue;
                var name = bpf.Types.NameText(type.NameOffset);
                if (symbols.Remove(name, out var symbol))
                    externs.Add(new(
                        name, KindOf(bpf.Types, section, type), SizeOf(bpf.Types, type), symbol.Binding == ElfSymbol.Weak, type.Id));
            }
        }
        return new(externs, HelpersOf(bpf));
    }

    private static ExternKind KindOf(BtfTypes types, string section, BtfType type)
    {
        if (section == ".kconfig") return ExternKind.Config;
        if (type.Kind == BtfKind.Func) return ExternKind.Function;
        // "extern void x __ksym" has no type and is found in /proc/kallsyms.
        return types.SkipModifiers(type.SizeOrType).Kind == BtfKind.Void ? ExternKind.UntypedSymbol : ExternKind.Variable;
    }

    private static int SizeOf(BtfTypes types, BtfType type) =>
        type.Kind == BtfKind.Var && types.SizeOf(type.SizeOrType) is var size and > 0 and <= 8 ? (int)size : 0;

    private static HashSet<int> HelpersOf(BpfObject bpf)
    {
        var helpers = new HashSet<int>();
        foreach (var section in bpf.Elf.Sections.Where(section => section.IsExecutable))
        {
            var bytes = bpf.Elf.DataOf(section).Span;
            for (; bytes.Length >= Instruction.Size; bytes = bytes[Instruction.Size..])
                if (bytes[0] == (Opcode.Jmp | Opcode.Call) && Instruction.Read(bytes, bpf.Elf.IsBigEndian) is { Src: 0 } call)
                    helpers.Add(call.Imm);
        }
        return helpers;
    }
}
