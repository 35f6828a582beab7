using System.Buffers.Binary;
using System.Text;

namespace Relo.Core.Btf;

/// <summary>
/// Writes raw BTF: types in the order they are added, ids from 1. The counterpart of <see cref="BtfReader"/>; it checks nothing.
/// </summary>
/// <param name="bigEndian">Byte order of the result.</param>
/// <param name="splitBase">The base: ids and strings continue after those of the base, and types may refer to both.</param>
public sealed class BtfWriter(bool bigEndian = false, BtfTypes? splitBase = null)
{
    private const uint KindFlag = 1u << 31;

    private readonly List<uint> _words = [];
    private readonly uint _firstString = splitBase?.StringsEnd ?? 0;
    private readonly List<byte> _strings = splitBase is null ? [0] : []; // the base has the empty name
    private readonly Dictionary<string, uint> _known = new(StringComparer.Ordinal) { [""] = 0 };
    private uint _lastId = splitBase is null ? 0 : (uint)splitBase.Count - 1;

    /// <summary>A member to write.</summary>
    /// <param name="Name">Its name; empty for an anonymous struct or union.</param>
    /// <param name="Type">Its type.</param>
    /// <param name="BitOffset">Offset in bits.</param>
    /// <param name="Bits">Width of a bit-field, 0 for ordinary members.</param>
    public readonly record struct Member(string Name, uint Type, uint BitOffset, uint Bits = 0);

    /// <summary>The id of the next type, for forward references.</summary>
    public uint NextId => _lastId + 1;

    /// <summary>Offset of <paramref name="text"/> among the strings, added if it is new.</summary>
    public uint Text(string text) => Text(Encoding.UTF8.GetBytes(text));

    /// <summary>As <see cref="Text(string)"/>, for a name that need not be UTF-8.</summary>
    public uint Text(ReadOnlySpan<byte> text)
    {
        var key = Encoding.Latin1.GetString(text); // a character for each byte
        if (_known.TryGetValue(key, out var offset)) return offset;
        offset = _firstString + (uint)_strings.Count;
        _strings.AddRange(text);
        _strings.Add(0);
        _known.Add(key, offset);
        return offset;
    }

    /// <summary>An integer; <paramref name="encoding"/> as in <see cref="BtfInt.Encoding"/>.</summary>
    public uint Int(string name, uint size, uint encoding = 0, uint bitOffset = 0) =>
        Add(name, BtfKind.Int, size, 0, false, (encoding << 24) | (bitOffset << 16) | (size * 8));

    /// <summary>A type that only refers to another: pointer, modifier, typedef, tag, function.</summary>
    public uint Ref(BtfKind kind, uint type, string name = "", uint count = 0) => Add(name, kind, type, count, false);

    /// <summary>A pointer.</summary>
    public uint Ptr(uint type) => Ref(BtfKind.Ptr, type);

    /// <summary>A forward declaration.</summary>
    public uint Fwd(string name, bool union = false) => Add(name, BtfKind.Fwd, 0, 0, union);

    /// <summary>A floating-point type.</summary>
    public uint Float(string name, uint size) => Add(name, BtfKind.Float, size, 0, false);

    /// <summary>An array.</summary>
    public uint Array(uint element, uint index, uint length) => Add("", BtfKind.Array, 0, 0, false, element, index, length);

    /// <summary>A struct or union. If any member is a bit-field, all carry bit-field widths (kind flag).</summary>
    public uint Composite(BtfKind kind, string name, uint size, params ReadOnlySpan<Member> members)
    {
        var bitfields = false;
        foreach (var m in members) bitfields |= m.Bits != 0;
        var words = new uint[members.Length * 3];
        for (var i = 0; i < members.Length; i++)
        {
            words[i * 3] = Text(members[i].Name);
            words[(i * 3) + 1] = members[i].Type;
            words[(i * 3) + 2] = bitfields ? (members[i].Bits << 24) | members[i].BitOffset : members[i].BitOffset;
        }
        return Add(name, kind, size, (uint)members.Length, bitfields, words);
    }

    /// <summary>A struct.</summary>
    public uint Struct(string name, uint size, params ReadOnlySpan<Member> members) => Composite(BtfKind.Struct, name, size, members);

    /// <summary>A union.</summary>
    public uint Union(string name, uint size, params ReadOnlySpan<Member> members) => Composite(BtfKind.Union, name, size, members);

    /// <summary>An enum of up to 32 bits.</summary>
    public uint Enum(string name, uint size, bool signed, params ReadOnlySpan<(string Name, int Value)> values)
    {
        var words = new uint[values.Length * 2];
        for (var i = 0; i < values.Length; i++) (words[i * 2], words[(i * 2) + 1]) = (Text(values[i].Name), (uint)values[i].Value);
        return Add(name, BtfKind.Enum, size, (uint)values.Length, signed, words);
    }

    /// <summary>An enum of 64 bits.</summary>
    public uint Enum64(string name, bool signed, params ReadOnlySpan<(string Name, long Value)> values)
    {
        var words = new uint[values.Length * 3];
        for (var i = 0; i < values.Length; i++)
            (words[i * 3], words[(i * 3) + 1], words[(i * 3) + 2]) =
                (Text(values[i].Name), (uint)values[i].Value, (uint)(values[i].Value >> 32));
        return Add(name, BtfKind.Enum64, 8, (uint)values.Length, signed, words);
    }

    /// <summary>A function prototype.</summary>
    public uint FuncProto(uint returns, params ReadOnlySpan<(string Name, uint Type)> parameters)
    {
        var words = new uint[parameters.Length * 2];
        for (var i = 0; i < parameters.Length; i++) (words[i * 2], words[(i * 2) + 1]) = (Text(parameters[i].Name), parameters[i].Type);
        return Add("", BtfKind.FuncProto, returns, (uint)parameters.Length, false, words);
    }

    /// <summary>A variable of the given linkage.</summary>
    public uint Var(string name, uint type, uint linkage = 1) => Add(name, BtfKind.Var, type, 0, false, linkage);

    /// <summary>A data section of variables or functions.</summary>
    public uint DataSec(string name, uint size, params ReadOnlySpan<(uint Type, uint Offset, uint Size)> entries)
    {
        var words = new uint[entries.Length * 3];
        for (var i = 0; i < entries.Length; i++) (words[i * 3], words[(i * 3) + 1], words[(i * 3) + 2]) = entries[i];
        return Add(name, BtfKind.DataSec, size, (uint)entries.Length, false, words);
    }

    /// <summary>A declaration tag on component <paramref name="component"/> (-1 for the whole) of a type.</summary>
    public uint DeclTag(string name, uint type, int component = -1) => Add(name, BtfKind.DeclTag, type, 0, false, (uint)component);

    /// <summary>A type of any kind, given as words.</summary>
    public uint Add(string name, BtfKind kind, uint sizeOrType, uint count, bool kindFlag, params ReadOnlySpan<uint> behind) =>
        Add(Text(name), kind, sizeOrType, count, kindFlag, behind);

    /// <summary>The same, with the name as its offset among the strings.</summary>
    public uint Add(uint name, BtfKind kind, uint sizeOrType, uint count, bool kindFlag, params ReadOnlySpan<uint> behind)
    {
        _words.Add(name);
        _words.Add(((uint)kind << 24) | count | (kindFlag ? KindFlag : 0));
        _words.Add(sizeOrType);
        _words.AddRange(behind);
        return ++_lastId;
    }

    /// <summary>The raw BTF: header of 24 bytes, types, strings.</summary>
    public byte[] ToBytes()
    {
        const int header = 24;
        var types = _words.Count * 4;
        var bytes = new byte[header + types + _strings.Count];
        U16(0, 0xeb9f);
        bytes[2] = 1;
        U32(4, header);
        U32(8, 0);
        U32(12, (uint)types);
        U32(16, (uint)types);
        U32(20, (uint)_strings.Count);
        for (var i = 0; i < _words.Count; i++) U32(header + (i * 4), _words[i]);
        _strings.CopyTo(bytes, header + types);
        return bytes;

        void U16(int at, ushort value)
        {
            if (bigEndian) BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), value);
            else BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), value);
        }

        void U32(int at, uint value)
        {
            if (bigEndian) BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), value);
            else BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
        }
    }
}
