using Relo.Core.Bytes;

namespace Relo.Core.Elf;

/// <summary>A symbol (Elf64_Sym).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">STT_* of st_info.</param>
/// <param name="Binding">STB_* of st_info.</param>
/// <param name="Visibility">STV_* of st_other.</param>
/// <param name="Section">Section index (st_shndx).</param>
/// <param name="Value">Offset within the section, in relocatable files.</param>
/// <param name="Size">Size in bytes.</param>
public readonly record struct ElfSymbol(string Name, byte Type, byte Binding, byte Visibility, ushort Section, ulong Value, ulong Size)
{
    /// <summary>Bytes per entry of the symbol table.</summary>
    public const int EntrySize = 24;

    /// <summary>STT_NOTYPE.</summary>
    public const byte NoType = 0;

    /// <summary>STT_FUNC.</summary>
    public const byte Function = 2;

    /// <summary>STB_LOCAL.</summary>
    public const byte Local = 0;

    /// <summary>STB_GLOBAL.</summary>
    public const byte Global = 1;

    /// <summary>STB_WEAK.</summary>
    public const byte Weak = 2;

    /// <summary>STV_INTERNAL.</summary>
    public const byte Internal = 1;

    /// <summary>STV_HIDDEN.</summary>
    public const byte Hidden = 2;

    /// <summary>SHN_UNDEF: an extern.</summary>
    public const ushort Undefined = 0;

    internal static ElfSymbol Read(ref ByteCursor at, ElfStrings names)
    {
        var name = at.U32();
        var info = at.U8();
        var other = at.U8();
        var section = at.U16();
        return new(names.At(name, at.Offset), (byte)(info & 0xf), (byte)(info >> 4), (byte)(other & 0x3), section, at.U64(), at.U64());
    }
}
