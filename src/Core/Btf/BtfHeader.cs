using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>The header of raw BTF (struct btf_header), with all offsets made absolute.</summary>
/// <param name="IsBigEndian">Byte order, as the magic shows it.</param>
/// <param name="TypesStart">Where the types begin.</param>
/// <param name="TypesLength">Bytes of types.</param>
/// <param name="StringsStart">Where the strings begin.</param>
/// <param name="StringsLength">Bytes of strings.</param>
/// <param name="LayoutStart">Where the table of kind sizes begins (headers of 32 bytes and more, since 2026).</param>
/// <param name="LayoutLength">Bytes of that table; 0 without one.</param>
internal readonly record struct BtfHeader(
    bool IsBigEndian, int TypesStart, int TypesLength, int StringsStart, int StringsLength, int LayoutStart, int LayoutLength)
{
    /// <summary>Where the last of its parts ends.</summary>
    public int End => Math.Max(Math.Max(TypesStart + TypesLength, StringsStart + StringsLength), LayoutStart + LayoutLength);

    private const int MinSize = 24;
    private const ushort Magic = 0xeb9f;

    public static BtfHeader Read(ReadOnlySpan<byte> bytes, string code, string section)
    {
        var start = new ByteCursor(bytes, bigEndian: false, code, section);
        if (bytes.Length < MinSize) throw start.Fault($"the data ends after {bytes.Length} bytes; a BTF header has {MinSize}");
        var magic = start.U16();
        var bigEndian = magic == 0x9feb;
        if (!bigEndian && magic != Magic)
            throw new MalformedObjectException(
                code, section, 0, $"magic is 0x{magic:x4}, expected 0x{Magic:x4} in either byte order; this is not BTF");

        var at = new ByteCursor(bytes, bigEndian, code, section);
        at.Skip(2);
        if (at.U8() is var version and not 1) throw new MalformedObjectException(code, section, 2, $"BTF version is {version}, expected 1");
        if (at.U8() is var flags and not 0)
            throw new MalformedObjectException(code, section, 3, $"header flags are 0x{flags:x}, expected 0");
        var headerLength = at.U32();
        if (headerLength < MinSize || headerLength > (uint)bytes.Length)
            throw new MalformedObjectException(code, section, 4, $"hdr_len is {headerLength}, expected {MinSize} to {bytes.Length}");

        var (types, typesLength) = Range(ref at, bytes.Length, headerLength, "types");
        var (strings, stringsLength) = Range(ref at, bytes.Length, headerLength, "strings");
        var (layout, layoutLength) = headerLength >= 32 ? Range(ref at, bytes.Length, headerLength, "layout") : default;
        if ((types - (int)headerLength) % 4 != 0)
            throw new MalformedObjectException(code, section, 8, $"type_off is {types - (int)headerLength}, expected a multiple of 4");
        if (types < strings + stringsLength && strings < types + typesLength)
            throw new MalformedObjectException(code, section, 8,
                $"the types, 0x{types:x} to 0x{types + typesLength:x}, overlap the strings, "
                + $"0x{strings:x} to 0x{strings + stringsLength:x}");
        return new(bigEndian, types, typesLength, strings, stringsLength, layout, layoutLength);
    }

    private static (int Start, int Length) Range(ref ByteCursor at, int size, uint headerLength, string what)
    {
        var (offset, length) = (at.U32(), at.U32());
        var room = (uint)size - headerLength;
        if (offset > room || length > room - offset)
            throw at.Fault($"the section of {what} has {length} bytes at offset {offset}, but only {room} bytes follow the header");
        return ((int)(headerLength + offset), (int)length);
    }
}
