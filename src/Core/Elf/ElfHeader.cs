using Relo.Core.Bytes;

namespace Relo.Core.Elf;

/// <summary>The fields of an ELF header, of either class and byte order, that identify the file and locate its sections.</summary>
/// <param name="Is64">Whether EI_CLASS is ELFCLASS64.</param>
/// <param name="IsBigEndian">Whether EI_DATA is ELFDATA2MSB.</param>
/// <param name="Type">e_type.</param>
/// <param name="Machine">e_machine.</param>
/// <param name="TableOffset">e_shoff; 0 without section headers.</param>
/// <param name="EntrySize">e_shentsize.</param>
/// <param name="Count">e_shnum; 0 if section 0 has it.</param>
/// <param name="NamesIndex">e_shstrndx; 0xffff if section 0 has it.</param>
public readonly record struct ElfHeader(
    bool Is64, bool IsBigEndian, ushort Type, ushort Machine, ulong TableOffset, ushort EntrySize, ushort Count, ushort NamesIndex)
{
    /// <summary>Bytes of a 64-bit header; no useful file is shorter.</summary>
    public const int Size = 64;

    /// <summary>ET_REL.</summary>
    public const ushort Relocatable = 1;

    /// <summary>ET_EXEC.</summary>
    public const ushort Executable = 2;

    /// <summary>ET_DYN.</summary>
    public const ushort Shared = 3;

    /// <summary>EM_BPF.</summary>
    public const ushort Bpf = 247;

    /// <summary>EI_MAG.</summary>
    public static ReadOnlySpan<byte> Magic => [0x7f, (byte)'E', (byte)'L', (byte)'F'];

    /// <summary>Reads the header of a file that begins with <see cref="Magic"/>.</summary>
    /// <exception cref="MalformedObjectException">The file is shorter than <see cref="Size"/>.</exception>
    public static ElfHeader Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < Size)
            throw new MalformedObjectException(MalformedObjectException.MalformedObject, "ELF header", 0,
                $"the file ends after {file.Length} bytes; an ELF header has {Size}");
        var (is64, isBigEndian) = (file[4] == 2, file[5] == 2);
        var at = new ByteCursor(file, isBigEndian, MalformedObjectException.MalformedObject, "ELF header");
        at.Skip(16);
        var (type, machine) = (at.U16(), at.U16());
        at.Skip(is64 ? 4 + 8 + 8 : 4 + 4 + 4); // e_version, e_entry, e_phoff
        var tableOffset = at.Address(is64);
        at.Skip(4 + 2 + 2 + 2); // e_flags, e_ehsize, e_phentsize, e_phnum
        return new(is64, isBigEndian, type, machine, tableOffset, at.U16(), at.U16(), at.U16());
    }
}
