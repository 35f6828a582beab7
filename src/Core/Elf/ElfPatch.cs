namespace Relo.Core.Elf;

/// <summary>
/// A copy of an ELF file that is overwritten in place: the size never changes, so a diff of input and output is auditable.
/// </summary>
internal sealed class ElfPatch
{
    private readonly Memory<byte> _bytes;

    /// <summary>A copy in a new buffer.</summary>
    public ElfPatch(ElfObject elf) : this(elf, new byte[elf.Bytes.Length]) { }

    /// <summary>A copy in <paramref name="buffer"/>, which is no shorter than the file.</summary>
    public ElfPatch(ElfObject elf, Memory<byte> buffer)
    {
        elf.Bytes.CopyTo(buffer);
        _bytes = buffer[..elf.Bytes.Length];
    }

    /// <summary>The bytes of the copy.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Bytes of a section from <paramref name="offset"/> to its end.</summary>
    public Span<byte> From(ElfSection section, long offset) =>
        _bytes.Span.Slice((int)(section.Offset + offset), (int)(section.Size - offset));
}
