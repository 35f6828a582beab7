using System.Buffers.Binary;

namespace Relo.Core.Bytes;

/// <summary>
/// The only reader of untrusted bytes. Every read is checked against the remaining bytes (by subtraction, so that nothing can
/// overflow), and the error of a read past the end names the place and the size.
/// </summary>
internal ref struct ByteCursor
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string _code;
    private readonly string _section;
    private readonly long _start;
    private int _position;

    /// <summary>A cursor at the start of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">The bytes to read.</param>
    /// <param name="bigEndian">Byte order of all numbers.</param>
    /// <param name="code">Problem code of faults.</param>
    /// <param name="section">Name of the section, for messages.</param>
    /// <param name="start">Offset of the first byte within the section, for messages.</param>
    public ByteCursor(ReadOnlySpan<byte> bytes, bool bigEndian, string code, string section, long start = 0)
    {
        _bytes = bytes;
        IsBigEndian = bigEndian;
        _code = code;
        _section = section;
        _start = start;
    }

    public bool IsBigEndian { get; }

    public readonly int Remaining => _bytes.Length - _position;

    /// <summary>Offset within the section of the next byte.</summary>
    public readonly long Offset => _start + _position;

    public byte U8() => Take(1)[0];

    public ushort U16() => IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(Take(2)) : BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(Take(4)) : BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong U64() => IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(Take(8)) : BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>An address, offset or size of an ELF file: 64 bits wide, or 32 in a 32-bit file.</summary>
    public ulong Address(bool is64) => is64 ? U64() : U32();

    public void Skip(int count) => Take(count);

    /// <summary>The next <paramref name="count"/> bytes.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining) throw Fault($"expected {count} more bytes, found {Remaining}");
        var taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }

    /// <summary>A fault at the next byte.</summary>
    public readonly MalformedObjectException Fault(string message) => new(_code, _section, Offset, message);
}
