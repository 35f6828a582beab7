using Relo.Core.Bytes;
using static Relo.Core.Bytes.MalformedObjectException;

namespace Relo.Core.Elf;

/// <summary>Reads the ELF structure of a BPF object: header, section headers, names, symbols. Follows the ELF-64 object file format.</summary>
public static class ElfReader
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const ushort Relocatable = 1;
    private const ushort MachineBpf = 247;
    private const ushort IndexInSectionZero = 0xffff;

    /// <summary>Reads <paramref name="bytes"/>; every offset and size it keeps lies within them.</summary>
    /// <exception cref="MalformedObjectException"><c>not-a-bpf-object</c> or <c>malformed-object</c>.</exception>
    public static ElfObject Read(ReadOnlyMemory<byte> bytes)
    {
        var bigEndian = ReadIdentification(bytes.Span);
        var header = new ByteCursor(bytes.Span, bigEndian, MalformedObject, "ELF header");
        header.Skip(16);
        if (header.U16() is var type and not Relocatable) throw Foreign(bytes.Span, 16, $"e_type is {type}, a relocatable object has {Relocatable}");
        // Objects of early clangs say machine 0; libbpf takes them (bpf_object__elf_init).
        if (header.U16() is var machine and not (MachineBpf or 0)) throw Foreign(bytes.Span, 18, $"e_machine is {machine}, BPF has {MachineBpf}");
        header.Skip(4 + 8 + 8);
        var tableOffset = header.U64();
        header.Skip(4 + 2 + 2 + 2);
        var entrySize = header.U16();
        var count = (uint)header.U16();
        var namesIndex = (uint)header.U16();

        if (tableOffset == 0 || tableOffset > (ulong)bytes.Length) throw new MalformedObjectException(MalformedObject, "ELF header", 40, $"e_shoff is {tableOffset}, the file has {bytes.Length} bytes");
        if (entrySize != SectionHeaderSize) throw new MalformedObjectException(MalformedObject, "ELF header", 58, $"e_shentsize is {entrySize}, 64-bit section headers have {SectionHeaderSize}");
        var table = new ByteCursor(bytes.Span[(int)tableOffset..], bigEndian, MalformedObject, "section header table", (long)tableOffset);
        var first = RawSection.Read(ref table);
        // ELF extended numbering: counts that do not fit 16 bits stand in section 0.
        if (count == 0) count = (uint)Math.Min(first.Size, int.MaxValue);
        if (namesIndex == IndexInSectionZero) namesIndex = first.Link;
        if (count == 0 || (count - 1) * (ulong)SectionHeaderSize > (ulong)table.Remaining)
            throw new MalformedObjectException(MalformedObject, "ELF header", 60, $"{count} section headers do not fit into {bytes.Length - (long)tableOffset} bytes");

        var raw = new RawSection[count];
        raw[0] = first;
        for (var i = 1; i < raw.Length; i++) raw[i] = RawSection.Read(ref table);
        for (var i = 0; i < raw.Length; i++) CheckBounds(raw[i], i, bytes.Length, (long)tableOffset);
        if (namesIndex >= count) throw new MalformedObjectException(MalformedObject, "ELF header", 62, $"e_shstrndx is {namesIndex}, there are {count} sections");

        var names = new ElfStrings(raw[namesIndex].DataIn(bytes), "section name table", bytes.Length);
        var sections = new ElfSection[count];
        for (var i = 0; i < raw.Length; i++)
        {
            var s = raw[i];
            sections[i] = new(i, i == 0 ? "" : names.At(s.NameOffset, (long)tableOffset + (i * SectionHeaderSize)), s.Type, s.Flags, (long)s.Offset, (long)s.Size, s.Link, s.Info, (long)s.EntrySize);
        }
        return new(bytes, bigEndian, sections, ReadSymbols(bytes, bigEndian, sections, raw));
    }

    /// <summary>EI_MAG, EI_CLASS, EI_DATA, EI_VERSION; gives the byte order.</summary>
    private static bool ReadIdentification(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize) throw Foreign(bytes, 0, $"{bytes.Length} bytes are too few for an ELF header of {HeaderSize}");
        if (!bytes[..4].SequenceEqual("\x7f"u8 + "ELF"u8)) throw Foreign(bytes, 0, $"begins with {Convert.ToHexStringLower(bytes[..4])}, an ELF file with 7f454c46");
        if (bytes[4] != 2) throw Foreign(bytes, 4, $"EI_CLASS is {bytes[4]}, a 64-bit ELF has 2");
        return bytes[5] switch
        {
            1 => false,
            2 => true,
            var data => throw Foreign(bytes, 5, $"EI_DATA is {data}, expected 1 (little-endian) or 2 (big-endian)"),
        };
    }

    private static MalformedObjectException Foreign(ReadOnlySpan<byte> file, long offset, string found) =>
        new(NotABpfObject, "ELF header", offset, ForeignFile.Explain(file) is { } what ? $"{found}; {what}" : found);

    private static void CheckBounds(RawSection section, int index, int fileSize, long tableOffset)
    {
        if (section.Type is 0 or ElfSection.NoBits) return;
        if (section.Offset > (ulong)fileSize || section.Size > (ulong)fileSize - section.Offset)
            throw new MalformedObjectException(MalformedObject, "section header table", tableOffset + (index * SectionHeaderSize), $"section {index} spans {section.Size} bytes from {section.Offset}, the file has {fileSize}");
    }

    private static ElfSymbol[] ReadSymbols(ReadOnlyMemory<byte> bytes, bool bigEndian, ElfSection[] sections, RawSection[] raw)
    {
        var table = Array.Find(sections, section => section.Type == ElfSection.SymbolTable);
        if (table is null) return [];
        if (table.EntrySize != ElfSymbol.EntrySize || table.Size % ElfSymbol.EntrySize != 0)
            throw new MalformedObjectException(MalformedObject, table.Name, 0, $"{table.Size} bytes in entries of {table.EntrySize}; a symbol has {ElfSymbol.EntrySize}");
        if (table.Link >= sections.Length) throw new MalformedObjectException(MalformedObject, table.Name, 0, $"its string table is section {table.Link}, there are {sections.Length} sections");
        var names = new ElfStrings(raw[table.Link].DataIn(bytes), sections[table.Link].Name, bytes.Length);
        var cursor = new ByteCursor(raw[table.Index].DataIn(bytes).Span, bigEndian, MalformedObject, table.Name);
        var symbols = new ElfSymbol[table.Size / ElfSymbol.EntrySize];
        for (var i = 0; i < symbols.Length; i++) symbols[i] = ElfSymbol.Read(ref cursor, names);
        return symbols;
    }

    /// <summary>Elf64_Shdr as it stands in the file.</summary>
    private readonly record struct RawSection(uint NameOffset, uint Type, ulong Flags, ulong Offset, ulong Size, uint Link, uint Info, ulong EntrySize)
    {
        public static RawSection Read(ref ByteCursor at)
        {
            var name = at.U32();
            var type = at.U32();
            var flags = at.U64();
            at.Skip(8);
            var offset = at.U64();
            var size = at.U64();
            var link = at.U32();
            var info = at.U32();
            at.Skip(8);
            return new(name, type, flags, offset, size, link, info, at.U64());
        }

        public ReadOnlyMemory<byte> DataIn(ReadOnlyMemory<byte> file) =>
            Type is 0 or ElfSection.NoBits ? default : file.Slice((int)Offset, (int)Size);
    }
}
