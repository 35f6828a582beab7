using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.MinimalBtf;

/// <summary>
/// Writes the needed types in the order of their ids, under new ids; references to types that are not needed become void
/// (btfgen_get_btf of bpftool).
/// </summary>
internal sealed class TypeCopier(BtfTypes from, NeededTypes needed)
{
    private readonly BtfWriter _to = new(from.IsBigEndian);
    private readonly Dictionary<uint, uint> _ids = []; // of the copied types
    private readonly Dictionary<uint, uint> _names = [];
    private readonly List<uint> _words = [];

    // Names may overlap; written one by one they could be thousands of times as long.
    private long _left = 65536 + (4L * from.StringsEnd);

    public byte[] Write()
    {
        uint[] copied = [.. needed.Ids];
        foreach (var id in copied) _ids.Add(id, (uint)_ids.Count + 1);
        foreach (var id in copied) Copy(from[id]);
        return _to.ToBytes();
    }

    private void Copy(BtfType type)
    {
        var layout = KindLayout.Of(type.Kind) ?? throw new ArgumentOutOfRangeException(nameof(type), type.Kind, "no such kind");
        var (once, refers) = (layout.Once[KindShape.Head..], KindLayout.IsType(layout[KindShape.Head - 1]));
        var (count, flag) = (type.Count, type.KindFlag); // of functions the count is their linkage
        _words.Clear();
        CopyWords(type, once, 0);
        if (type.Kind.IsComposite()) (count, flag) = CopyMembers(type, layout.Element);
        else for (var i = 0; layout.Element.Length > 0 && i < type.Count; i++)
            CopyWords(type, layout.Element, once.Length + (i * layout.Element.Length));
        var sizeOrType = refers ? _ids.GetValueOrDefault(type.SizeOrType) : type.SizeOrType;
        _to.Add(Name(type.NameOffset), type.Kind, sizeOrType, (uint)count, flag, [.. _words]);
    }

    /// <returns>The number of members, and whether one is a bit-field.</returns>
    private (int Count, bool Bitfields) CopyMembers(BtfType type, string words)
    {
        var (count, bitfields) = (0, false);
        for (var i = 0; i < type.Count; i++)
        {
            if (!needed.IsNeeded(type, i)) continue;
            CopyWords(type, words, i * words.Length);
            bitfields |= from.Member(type, i).BitfieldBits != 0;
            count++;
        }
        return (count, bitfields);
    }

    private void CopyWords(BtfType type, string words, int first)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var word = from.WordAfterHead(type, first + i);
            _words.Add(KindLayout.IsName(words[i]) ? Name(word) : KindLayout.IsType(words[i]) ? _ids.GetValueOrDefault(word) : word);
        }
    }

    private uint Name(uint offset)
    {
        if (_names.TryGetValue(offset, out var known)) return known;
        var name = from.Name(offset);
        if ((_left -= name.Length) < 0)
            throw new MalformedObjectException(MalformedObjectException.InvalidBtf, ".BTF", 0,
                $"the needed names overlap; together they are longer than {65536 + (4L * from.StringsEnd)} bytes, "
                + "the limit for these strings");
        return _names[offset] = _to.Text(name);
    }
}
