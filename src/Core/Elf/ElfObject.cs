namespace Relo.Core.Elf;

/// <summary>A relocatable ELF64 file for BPF: its sections and symbols, over the bytes of the file.</summary>
/// <param name="Bytes">The whole file.</param>
/// <param name="IsBigEndian">Byte order (EI_DATA).</param>
/// <param name="Sections">All sections; the index is the section index.</param>
/// <param name="Symbols">All symbols; empty if the file has no symbol table.</param>
public sealed record ElfObject(
    ReadOnlyMemory<byte> Bytes, bool IsBigEndian, IReadOnlyList<ElfSection> Sections, IReadOnlyList<ElfSymbol> Symbols)
{
    private readonly Dictionary<string, ElfSection> _firstOfName = FirstOfName(Sections);

    /// <summary>The bytes of <paramref name="section"/>; none for SHT_NOBITS.</summary>
    public ReadOnlyMemory<byte> DataOf(ElfSection section) =>
        section.Type is 0 or ElfSection.NoBits ? default : Bytes.Slice((int)section.Offset, (int)section.Size);

    /// <summary>
    /// The first section of that name, or null. libbpf maps .BTF.ext to sections by name (bpf_object__init_btf, elf_sec_by_name), so of two
    /// sections with one name the first gets all records.
    /// </summary>
    public ElfSection? FindSection(string name) => _firstOfName.GetValueOrDefault(name);

    /// <summary>The last section of that name, or null.</summary>
    internal ElfSection? FindLastSection(string name)
    {
        for (var i = Sections.Count - 1; i >= 0; i--)
            if (Sections[i].Name == name) return Sections[i];
        return null;
    }

    private static Dictionary<string, ElfSection> FirstOfName(IReadOnlyList<ElfSection> sections)
    {
        var first = new Dictionary<string, ElfSection>(sections.Count, StringComparer.Ordinal);
        foreach (var section in sections) first.TryAdd(section.Name, section);
        return first;
    }
}
