using Relo.Core.Bytes;

namespace Relo.Core.Elf;

/// <summary>A section header (Elf64_Shdr or Elf32_Shdr).</summary>
/// <param name="NameOffset">sh_name.</param>
/// <param name="Type">sh_type.</param>
/// <param name="Flags">sh_flags.</param>
/// <param name="Offset">sh_offset.</param>
/// <param name="Size">sh_size.</param>
/// <param name="Link">sh_link.</param>
/// <param name="Info">sh_info.</param>
/// <param name="EntrySize">sh_entsize.</param>
public readonly record struct ElfSectionHeader(
    uint NameOffset, uint Type, ulong Flags, ulong Offset, ulong Size, uint Link, uint Info, ulong EntrySize)
{
    /// <summary>Whether it has bytes in the file: neither SHT_NULL nor SHT_NOBITS.</summary>
    public bool HasBytes => Type is not (0 or ElfSection.NoBits);

    /// <summary>SHF_COMPRESSED.</summary>
    public bool IsCompressed => (Flags & ElfSection.Compressed) != 0;

    /// <summary>SHT_PROGBITS with SHF_EXECINSTR.</summary>
    public bool IsExecutable => Type == ElfSection.ProgBits && (Flags & ElfSection.ExecInstr) != 0;

    /// <summary>Its bytes in the file that <see cref="ElfSections"/> read it from.</summary>
    public ReadOnlyMemory<byte> DataIn(ReadOnlyMemory<byte> file) => HasBytes ? file.Slice((int)Offset, (int)Size) : default;

    internal static int SizeOf(bool is64) => is64 ? 64 : 40;

    internal static ElfSectionHeader Read(ref ByteCursor at, bool is64)
    {
        var (name, type, flags) = (at.U32(), at.U32(), at.Address(is64));
        at.Address(is64); // sh_addr
        var (offset, size, link, info) = (at.Address(is64), at.Address(is64), at.U32(), at.U32());
        at.Address(is64); // sh_addralign
        return new(name, type, flags, offset, size, link, info, at.Address(is64));
    }
}
