using Relo.Core.Elf;

namespace Relo.Core.Objects;

/// <summary>Whether an object needs <c>.BTF</c> (libbpf_needs_btf: BTF-defined maps, struct_ops, externs).</summary>
internal static class NeedOfBtf
{
    /// <summary>
    /// The part that needs it, for a sentence that begins "there is no .BTF, which"; null if libbpf loads the object without it.
    /// </summary>
    public static string? Of(ElfObject elf)
    {
        // libbpf ignores .BTF.ext without .BTF and loads the object with the offsets it was compiled with: silently wrong reads.
        if (elf.FindSection(".BTF.ext") is not null) return ".BTF.ext refers to";
        if (elf.FindSection(".maps") is not null) return "defines the maps in .maps";
        if (elf.Sections.FirstOrDefault(IsStructOps) is { } ops) return $"defines the maps in {ops.Name}";
        return elf.Symbols.Where(IsExtern).Select(symbol => $"describes the extern '{symbol.Name}'").FirstOrDefault();
    }

    private static bool IsStructOps(ElfSection section) => section.Name.TrimStart('?') is ".struct_ops" or ".struct_ops.link";

    /// <summary>sym_is_extern of libbpf. Each needs BTF: find_extern_btf_id fails without it.</summary>
    private static bool IsExtern(ElfSymbol symbol) =>
        symbol is { Section: ElfSymbol.Undefined, Type: ElfSymbol.NoType, Binding: ElfSymbol.Global or ElfSymbol.Weak, Name.Length: > 0 };
}
