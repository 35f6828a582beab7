using System.Buffers.Binary;
using System.Text;

namespace Relo.Core.Tests.Btf;

/// <summary>
/// Reads raw BTF type by type, as the documentation of the format describes it, to compare with an index. Only for valid BTF without a
/// base.
/// </summary>
internal sealed class PlainBtf
{
    private static readonly HashSet<int> NotIndexed = [12, 14, 15, 17, 18];
    private readonly byte[] _bytes;
    private readonly bool _big;

    public PlainBtf(byte[] bytes)
    {
        _bytes = bytes;
        _big = bytes[0] == 0xeb;
        var (types, length, strings) = ((int)U32(4) + (int)U32(8), (int)U32(12), (int)U32(4) + (int)U32(16));
        for (var at = types; at < types + length;)
        {
            var info = U32(at + 4);
            var (kind, count) = ((int)((info >> 24) & 0x1f), (int)(info & 0xffff));
            Types.Add(new(U32(at), info, U32(at + 8), kind, Text(strings + (int)U32(at))));
            at += 12 + (4 * kind switch { 1 or 14 or 17 => 1, 3 => 3, 6 or 13 => 2 * count, 4 or 5 or 15 or 19 => 3 * count, _ => 0 });
        }
    }

    /// <summary>A type: its three words, and what they say.</summary>
    public sealed record Type(uint NameOffset, uint Info, uint SizeOrType, int Kind, string Name);

    /// <summary>Type 1 is the first.</summary>
    public List<Type> Types { get; } = [];

    /// <summary>The types that a record may begin at, by essential name; ids ascending.</summary>
    public Dictionary<string, List<uint>> ByEssentialName()
    {
        var found = new Dictionary<string, List<uint>>(StringComparer.Ordinal);
        for (var i = 0; i < Types.Count; i++)
        {
            if (Types[i].Name.Length == 0 || NotIndexed.Contains(Types[i].Kind)) continue;
            var name = Essential(Types[i].Name);
            if (!found.TryGetValue(name, out var ids)) found.Add(name, ids = []);
            ids.Add((uint)i + 1);
        }

        return found;
    }

    private static string Essential(string name)
    {
        for (var i = name.Length - 5; i >= 0; i--)
            if (name[i] != '_' && name[i + 1] == '_' && name[i + 2] == '_' && name[i + 3] == '_' && name[i + 4] != '_')
                return name[..(i + 1)];
        return name;
    }

    private uint U32(int at) => _big
        ? BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(at))
        : BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at));

    // Latin-1 keeps every byte apart.
    private string Text(int at) => Encoding.Latin1.GetString(_bytes, at, _bytes.AsSpan(at).IndexOf((byte)0));
}
