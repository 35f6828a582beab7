namespace Relo.Core.Elf;

/// <summary>A section of an ELF file.</summary>
/// <param name="Index">Its index in the section header table.</param>
/// <param name="Name">Its name, from the section name table.</param>
/// <param name="Type">sh_type.</param>
/// <param name="Flags">sh_flags.</param>
/// <param name="Offset">File offset of its bytes.</param>
/// <param name="Size">Size in bytes, in the file or, for SHT_NOBITS, in memory.</param>
/// <param name="Link">sh_link.</param>
/// <param name="Info">sh_info.</param>
/// <param name="EntrySize">sh_entsize.</param>
public sealed record ElfSection(
    int Index, string Name, uint Type, ulong Flags, long Offset, long Size, uint Link, uint Info, long EntrySize)
{
    /// <summary>SHT_PROGBITS.</summary>
    public const uint ProgBits = 1;

    /// <summary>SHT_SYMTAB.</summary>
    public const uint SymbolTable = 2;

    /// <summary>SHT_NOBITS: no bytes in the file.</summary>
    public const uint NoBits = 8;

    /// <summary>SHT_REL.</summary>
    public const uint Rel = 9;

    internal const ulong ExecInstr = 0x4;
    internal const ulong Compressed = 0x800;

    /// <summary>Whether it holds instructions (SHT_PROGBITS with SHF_EXECINSTR).</summary>
    public bool IsExecutable => Type == ProgBits && (Flags & ExecInstr) != 0;

    /// <summary>SHF_COMPRESSED.</summary>
    public bool IsCompressed => (Flags & Compressed) != 0;
}
