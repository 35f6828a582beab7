namespace Relo.Core.Elf;

/// <summary>A copy of an ELF file to overwrite in place: the size never changes, so a diff of input and output can be audited.</summary>
internal sealed class ElfPatch(ElfObject elf)
{
    /// <summary>The copy.</summary>
    public byte[] Bytes { get; } = elf.Bytes.ToArray();

    /// <summary>Bytes of a section from <paramref name="offset"/> to its end.</summary>
    public Span<byte> From(ElfSection section, long offset) => Bytes.AsSpan((int)(section.Offset + offset), (int)(section.Size - offset));
}
