using Relo.Core.Bytes;

namespace Relo.Core.Elf;

/// <summary>
/// The section header table of an ELF file, of either class and byte order. A section is checked when it is read, so damage
/// elsewhere in the file is ignored.
/// </summary>
public readonly ref struct ElfSections
{
    private const ushort IndexInSectionZero = 0xffff;

    private readonly ReadOnlySpan<byte> _file;
    private readonly int _entrySize;

    /// <summary>Checks that the table lies within the file.</summary>
    /// <exception cref="MalformedObjectException">It does not (code <c>malformed-object</c>).</exception>
    public ElfSections(ReadOnlySpan<byte> file)
    {
        _file = file;
        Header = ElfHeader.Read(file);
        _entrySize = ElfSectionHeader.SizeOf(Header.Is64);
        if (Header.TableOffset == 0) return;
        if (Header.TableOffset > (ulong)file.Length)
            throw HeaderFault(40, 32, $"e_shoff is {Header.TableOffset}, but the file has only {file.Length} bytes; it is truncated");
        if (Header.EntrySize != _entrySize)
            throw HeaderFault(58, 46,
                $"e_shentsize is {Header.EntrySize}, expected {_entrySize} in a {(Header.Is64 ? 64 : 32)}-bit file");

        var (count, names) = ((ulong)Header.Count, (uint)Header.NamesIndex);
        var room = (ulong)(file.Length - (int)Header.TableOffset) / (uint)_entrySize;
        if (room > 0)
        {
            // ELF extended numbering: numbers that do not fit 16 bits are in section 0.
            var first = ReadUnchecked(0);
            if (count == 0) count = first.Size;
            if (names == IndexInSectionZero) names = first.Link;
        }
        if (count > room)
            throw HeaderFault(60, 48, $"there are {count} section headers of {_entrySize} bytes, but only "
                + $"{file.Length - (int)Header.TableOffset} bytes from e_shoff to the end of the file; it is truncated");
        if (count > 0 && names >= count) throw HeaderFault(62, 50, $"e_shstrndx is {names}, but there are only {count} sections");
        (Count, NamesIndex) = ((int)count, (int)names);
    }

    /// <summary>The ELF header.</summary>
    public ElfHeader Header { get; }

    /// <summary>Number of sections, the null section included; 0 without section headers.</summary>
    public int Count { get; }

    /// <summary>The section with the names.</summary>
    internal int NamesIndex { get; }

    /// <summary>A section header whose bytes, if it has any, lie within the file.</summary>
    /// <exception cref="MalformedObjectException">They do not (code <c>malformed-object</c>).</exception>
    public ElfSectionHeader this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            var section = ReadUnchecked(index);
            if (section.HasBytes && (section.Offset > (ulong)_file.Length || section.Size > (ulong)_file.Length - section.Offset))
                throw new MalformedObjectException(
                    MalformedObjectException.MalformedObject, "section header table", PlaceOf(index),
                    $"section {index} has {section.Size} bytes at offset {section.Offset}, but the file has only {_file.Length} bytes");
            return section;
        }
    }

    /// <summary>The first section with the name that has bytes; else the first without bytes; else null.</summary>
    /// <exception cref="MalformedObjectException">A section before it leaves the file (code <c>malformed-object</c>).</exception>
    public ElfSectionHeader? Find(ReadOnlySpan<byte> name)
    {
        ElfSectionHeader? found = null;
        for (var i = 0; i < Count; i++)
        {
            var section = this[i];
            // Not NameOf, which searches for the end of each name: names without an end would make that quadratic.
            var begin = NamesFrom(section);
            if (begin.Length <= name.Length || begin[name.Length] != 0 || !begin.StartsWith(name)) continue;
            if (section.HasBytes) return section;
            found ??= section;
        }
        return found;
    }

    /// <summary>The name of a section; empty if it lies outside the table of names.</summary>
    internal ReadOnlySpan<byte> NameOf(in ElfSectionHeader section)
    {
        var names = NamesFrom(section);
        var end = names.IndexOf((byte)0);
        return end < 0 ? names : names[..end];
    }

    private ReadOnlySpan<byte> NamesFrom(in ElfSectionHeader section)
    {
        var names = this[NamesIndex];
        if (!names.HasBytes || section.NameOffset >= names.Size) return default;
        return _file.Slice((int)names.Offset, (int)names.Size)[(int)section.NameOffset..];
    }

    /// <summary>Where a section header is in the file.</summary>
    internal int PlaceOf(int index) => (int)Header.TableOffset + (index * _entrySize);

    private ElfSectionHeader ReadUnchecked(int index)
    {
        var place = PlaceOf(index);
        var at = new ByteCursor(
            _file[place..], Header.IsBigEndian, MalformedObjectException.MalformedObject, "section header table", place);
        return ElfSectionHeader.Read(ref at, Header.Is64);
    }

    private MalformedObjectException HeaderFault(int at64, int at32, string message) =>
        new(MalformedObjectException.MalformedObject, "ELF header", Header.Is64 ? at64 : at32, message);
}
