using Relo.Core.Bytes;
using static Relo.Core.Bytes.MalformedObjectException;

namespace Relo.Core.Elf;

/// <summary>
/// Reads the ELF structure of a BPF object: header, section headers, names, symbols. Follows the ELF-64 object file format.
/// </summary>
public static class ElfReader
{
    /// <summary>Reads <paramref name="bytes"/>; every offset and size it keeps lies within them.</summary>
    /// <exception cref="MalformedObjectException"><c>not-a-bpf-object</c> or <c>malformed-object</c>.</exception>
    public static ElfObject Read(ReadOnlyMemory<byte> bytes)
    {
        CheckKind(bytes.Span);
        var table = new ElfSections(bytes.Span);
        if (table.Count == 0) throw new MalformedObjectException(MalformedObject, "ELF header", 40,
            "e_shoff is 0: the file has no sections, and so no programs");
        var headers = new ElfSectionHeader[table.Count];
        for (var i = 0; i < headers.Length; i++) headers[i] = table[i];
        var names = new ElfStrings(headers[table.NamesIndex].DataIn(bytes), "section name table", bytes.Length);
        var sections = new ElfSection[headers.Length];
        for (var i = 0; i < headers.Length; i++)
        {
            var h = headers[i];
            var name = i == 0 ? "" : names.At(h.NameOffset, table.PlaceOf(i));
            sections[i] = new(i, name, h.Type, h.Flags, (long)h.Offset, (long)h.Size, h.Link, h.Info, (long)h.EntrySize);
        }
        var bigEndian = table.Header.IsBigEndian;
        return new(bytes, bigEndian, sections, ReadSymbols(bytes, bigEndian, sections, headers));
    }

    /// <summary>EI_MAG, EI_CLASS, EI_DATA, e_type, e_machine.</summary>
    private static void CheckKind(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < ElfHeader.Size)
            throw Foreign(bytes, 0, $"the file ends after {bytes.Length} bytes; an ELF header has {ElfHeader.Size}");
        if (!bytes.StartsWith(ElfHeader.Magic))
            throw Foreign(bytes, 0, $"the file begins with {Convert.ToHexStringLower(bytes[..4])}, expected 7f454c46 (ELF)");
        if (bytes[4] != 2) throw Foreign(bytes, 4, $"EI_CLASS is {bytes[4]}, expected 2 (64-bit)");
        if (bytes[5] is not (1 or 2)) throw Foreign(bytes, 5, $"EI_DATA is {bytes[5]}, expected 1 (little-endian) or 2 (big-endian)");
        var header = ElfHeader.Read(bytes);
        if (header.Type != ElfHeader.Relocatable)
            throw Foreign(bytes, 16, $"e_type is {header.Type}, expected {ElfHeader.Relocatable} (a relocatable object)");
        // Objects of early clang versions have machine 0; libbpf accepts them (bpf_object__elf_init).
        if (header.Machine is not (ElfHeader.Bpf or 0))
            throw Foreign(bytes, 18, $"e_machine is {header.Machine}, expected {ElfHeader.Bpf} (BPF)");
    }

    private static MalformedObjectException Foreign(ReadOnlySpan<byte> file, long offset, string found) =>
        new(NotABpfObject, "ELF header", offset, ForeignFile.Explain(file) is { } what ? $"{found}; {what}" : found);

    private static ElfSymbol[] ReadSymbols(ReadOnlyMemory<byte> bytes, bool bigEndian, ElfSection[] sections, ElfSectionHeader[] headers)
    {
        var table = Array.Find(sections, section => section.Type == ElfSection.SymbolTable);
        if (table is null) return [];
        if (table.EntrySize != ElfSymbol.EntrySize || table.Size % ElfSymbol.EntrySize != 0)
            throw new MalformedObjectException(MalformedObject, table.Name, 0,
                $"the symbol table has {table.Size} bytes in entries of {table.EntrySize}, expected entries of {ElfSymbol.EntrySize}");
        if (table.Link >= sections.Length)
            throw new MalformedObjectException(MalformedObject, table.Name, 0,
                $"sh_link says that the names are in section {table.Link}, but there are only {sections.Length} sections");
        var names = new ElfStrings(headers[table.Link].DataIn(bytes), sections[table.Link].Name, bytes.Length);
        var cursor = new ByteCursor(headers[table.Index].DataIn(bytes).Span, bigEndian, MalformedObject, table.Name);
        var symbols = new ElfSymbol[table.Size / ElfSymbol.EntrySize];
        for (var i = 0; i < symbols.Length; i++) symbols[i] = ElfSymbol.Read(ref cursor, names);
        return symbols;
    }
}
