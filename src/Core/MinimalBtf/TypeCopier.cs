using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.MinimalBtf;

/// <summary>Writes the needed types in the order of their ids, under new ids; what they refer to and is not needed becomes void (btfgen_get_btf of bpftool).</summary>
internal sealed class TypeCopier(BtfTypes from, NeededTypes needed)
{
    private readonly BtfWriter _to = new(from.IsBigEndian);
    private readonly Dictionary<uint, uint> _ids = []; // of those that are copied
    private readonly Dictionary<uint, uint> _names = [];
    private readonly List<uint> _words = [];

    // Names may overlap; written out one by one they could be thousands of times what they are here.
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
        var layout = TypeWords.Of(type.Kind);
        var (count, flag) = (type.Count, type.KindFlag); // of functions the count is their linkage
        _words.Clear();
        CopyWords(type, layout.Once, 0);
        if (type.Kind.IsComposite()) (count, flag) = CopyMembers(type, layout.Element);
        else for (var i = 0; i < type.Count; i++) CopyWords(type, layout.Element, i * layout.Element.Length);
        _to.Add(Name(type.NameOffset), type.Kind, layout.HeadRefers ? _ids.GetValueOrDefault(type.SizeOrType) : type.SizeOrType, (uint)count, flag, [.. _words]);
    }

    /// <returns>How many, and whether one is a bit-field.</returns>
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
            var word = from.WordBehind(type, first + i);
            _words.Add(words[i] switch { TypeWords.Name => Name(word), TypeWords.Id => _ids.GetValueOrDefault(word), _ => word });
        }
    }

    private uint Name(uint offset)
    {
        if (_names.TryGetValue(offset, out var known)) return known;
        var name = from.Name(offset);
        if ((_left -= name.Length) < 0) throw new MalformedObjectException(MalformedObjectException.InvalidBtf, ".BTF", 0, $"the names that are needed overlap so that together they are many times the {from.StringsEnd} bytes of strings");
        return _names[offset] = _to.Text(name);
    }
}

/// <summary>What the words behind a type's head are: one letter each.</summary>
/// <param name="HeadRefers">Whether the last word of the head is a type id, not a size.</param>
/// <param name="Once">The words that are there once.</param>
/// <param name="Element">The words of each element.</param>
internal readonly record struct TypeWords(bool HeadRefers, string Once, string Element)
{
    public const char Name = 'n';
    public const char Id = 'i';

    public static TypeWords Of(BtfKind kind) => kind switch
    {
        BtfKind.Ptr or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.Func or BtfKind.TypeTag => new(true, "", ""),
        BtfKind.Fwd or BtfKind.Float => new(false, "", ""),
        BtfKind.Int => new(false, "-", ""),
        BtfKind.Var or BtfKind.DeclTag => new(true, "-", ""),
        BtfKind.Array => new(false, "ii-", ""),
        BtfKind.Struct or BtfKind.Union => new(false, "", "ni-"),
        BtfKind.Enum => new(false, "", "n-"),
        BtfKind.Enum64 => new(false, "", "n--"),
        BtfKind.FuncProto => new(true, "", "ni"),
        BtfKind.DataSec => new(false, "", "i--"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind"),
    };
}
