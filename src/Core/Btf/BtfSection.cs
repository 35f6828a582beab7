using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>
/// Raw BTF before it is checked, as 32-bit words in the machine's byte order. Every part of a type is a multiple of four bytes.
/// </summary>
internal readonly ref struct BtfSection
{
    private readonly BtfHeader _header;
    private readonly string _code;
    private readonly string _section;

    public BtfSection(ReadOnlySpan<byte> bytes, BtfHeader header, BtfTypes? splitBase, string code, string section)
    {
        _header = header;
        Base = splitBase;
        _code = code;
        _section = section;
        Words = InOrder(MemoryMarshal.Cast<byte, uint>(bytes.Slice(header.TypesStart, header.TypesLength)), header.IsBigEndian);
        Strings = bytes.Slice(header.StringsStart, header.StringsLength);
        FirstId = splitBase is null ? 1 : (uint)splitBase.Count;
        StringsEnd = (splitBase?.StringsEnd ?? 0) + (uint)header.StringsLength;
        if (header.TypesLength % 4 != 0)
            throw Fault(Words.Length, 0, $"the types take {header.TypesLength} bytes, which is not a multiple of 4");
    }

    public ReadOnlySpan<uint> Words { get; }

    /// <summary>Its own strings; those of split BTF begin where those of its base end.</summary>
    public ReadOnlySpan<byte> Strings { get; }

    /// <summary>Where its own strings begin.</summary>
    public uint FirstString => StringsEnd - (uint)Strings.Length;

    /// <summary>The base of split BTF.</summary>
    public BtfTypes? Base { get; }

    /// <summary>Id of the first type.</summary>
    public uint FirstId { get; }

    /// <summary>The offset after the last string.</summary>
    public uint StringsEnd { get; }

    /// <summary>As <see cref="BtfTypes.Name"/>.</summary>
    public ReadOnlySpan<byte> Name(uint offset) =>
        offset < FirstString ? Base!.Name(offset) : BtfTypes.NameAt(Strings, offset - FirstString);

    public MalformedObjectException Fault(int word, uint id, string message) =>
        new(_code, _section, _header.TypesStart + (word * 4L), $"type {id} {message}");

    private static ReadOnlySpan<uint> InOrder(ReadOnlySpan<uint> words, bool isBigEndian)
    {
        if (isBigEndian != BitConverter.IsLittleEndian) return words;
        var turned = new uint[words.Length];
        BinaryPrimitives.ReverseEndianness(words, turned);
        return turned;
    }
}
