using System.Buffers.Binary;
using System.Text;

namespace Relo.Conformance.Generated;

/// <summary>
/// Writes made-up types as BTF, from the format's description and apart from the writer of the product. Ids are given in
/// the order of <see cref="Add"/>, so the caller decides which of two candidates comes first.
/// </summary>
public sealed class BtfAssembler
{
    private const int KflagBit = 1 << 31;
    private readonly List<T> _types = [];
    private readonly Dictionary<T, int> _ids = [];
    private readonly List<byte> _strings = [0];
    private readonly Dictionary<string, int> _stringOffsets = new() { [""] = 0 };

    /// <summary>Adds a type and all it refers to; returns its id.</summary>
    public int Add(T? type)
    {
        if (type is null) return 0;
        if (_ids.TryGetValue(type, out var id)) return id;
        _types.Add(type);
        _ids[type] = id = _types.Count;
        foreach (var inner in Inner(type)) Add(inner);
        return id;
    }

    public int String(string text)
    {
        if (_stringOffsets.TryGetValue(text, out var offset)) return offset;
        _stringOffsets[text] = offset = _strings.Count;
        _strings.AddRange(Encoding.UTF8.GetBytes(text));
        _strings.Add(0);
        return offset;
    }

    /// <param name="bigEndian">Byte order.</param>
    /// <param name="endWithInt">
    /// Whether to add an int that nothing refers to; see <see cref="Comparison.KnownExceptions.ReadsBehindTheLastType"/>.
    /// </param>
    public byte[] Write(bool bigEndian, bool endWithInt = Comparison.KnownExceptions.ReadsBehindTheLastType)
    {
        var words = new List<int>();
        foreach (var type in _types) Write(type, words);
        if (endWithInt) Write(new IntT("last", 4, 0), words);
        while (_strings.Count % 4 != 0) _strings.Add(0);
        var result = new byte[24 + words.Count * 4 + _strings.Count];
        Put16(result, 0, 0xeb9f, bigEndian);
        result[2] = 1;
        int[] header = [24, 0, words.Count * 4, words.Count * 4, _strings.Count];
        for (var i = 0; i < header.Length; i++) Put(result, 4 + i * 4, header[i], bigEndian);
        for (var i = 0; i < words.Count; i++) Put(result, 24 + i * 4, words[i], bigEndian);
        _strings.CopyTo(result, 24 + words.Count * 4);
        return result;
    }

    internal static void Put(byte[] bytes, int at, int value, bool bigEndian)
    {
        if (bigEndian) BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(at), value);
        else BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
    }

    internal static void Put16(byte[] bytes, int at, int value, bool bigEndian)
    {
        if (bigEndian) BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)value);
        else BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), (ushort)value);
    }

    private static T?[] Inner(T type) => type switch
    {
        PtrT t => [t.To],
        ArrayT t => [t.Element],
        ModifierT t => [t.Of],
        TypedefT t => [t.Of],
        ProtoT t => [t.Result, .. t.Parameters],
        CompositeT t => [.. t.Members.Select(member => member.Type)],
        _ => [],
    };

    private int Id(T? type) => type is null ? 0 : _ids[type];

    private void Write(T type, List<int> words)
    {
        switch (type)
        {
            case IntT t:
                words.AddRange(
                String(t.Name), 1 << 24, t.Size, (t.Encoding << 24) | (t.BitOffset << 16) | (t.Size * 8 - t.BitOffset)); break;
            case FloatT t: words.AddRange(String(t.Name), 16 << 24, t.Size); break;
            case PtrT t: words.AddRange(0, 2 << 24, Id(t.To)); break;
            case ArrayT t: words.AddRange(0, 3 << 24, 0, Id(t.Element), Id(t.Element), t.Count); break;
            case ModifierT t: words.AddRange(t.Kind == 18 ? String("tag") : 0, t.Kind << 24, Id(t.Of)); break;
            case TypedefT t: words.AddRange(String(t.Name), 8 << 24, Id(t.Of)); break;
            case FwdT t: words.AddRange(String(t.Name), (7 << 24) | (t.IsUnion ? KflagBit : 0), 0); break;
            case ProtoT t:
                words.AddRange(0, (13 << 24) | t.Parameters.Count, Id(t.Result));
                foreach (var parameter in t.Parameters) words.AddRange(0, Id(parameter));
                break;
            case EnumT t:
                words.AddRange(String(t.Name), ((t.Wide ? 19 : 6) << 24) | t.Values.Count | (t.Signed ? KflagBit : 0), t.Size);
                foreach (var (name, value) in t.Values)
                {
                    words.AddRange(String(name), (int)value);
                    if (t.Wide) words.Add((int)(value >> 32));
                }
                break;
            case CompositeT t:
                words.AddRange(String(t.Name), ((t.IsUnion ? 5 : 4) << 24) | t.Members.Count | (t.HasBitFields ? KflagBit : 0), t.Size);
                foreach (var member in t.Members)
                    words.AddRange(String(member.Name), Id(member.Type), member.BitOffset | (member.Bits << 24));
                break;
            default: throw new NotSupportedException($"{type.GetType()} has no BTF kind here");
        }
    }
}
