namespace Relo.Core.Btf;

/// <summary>Finds the reference that is wrong: every id that a type refers to exists, every name lies within the strings and is no longer than names are.</summary>
internal readonly ref struct BtfReferences
{
    /// <summary>The longest name of a type or member: twice what the kernel allows a symbol (KSYM_NAME_LEN). Names may overlap, so that without it a few bytes could name a million types at length.</summary>
    private const int MaxName = 1024;

    private readonly BtfSection _btf;
    private readonly uint _end;
    private readonly bool _checkLengths;
    private readonly BtfTypes? _base; // where its strings are to be looked at too

    private BtfReferences(BtfSection btf, uint end)
    {
        _btf = btf;
        _end = end;
        _checkLengths = HasLongString(btf.Strings);
        _base = btf.Base is not null && HasLongString(btf.Base.Strings) ? btf.Base : null;
    }

    /// <summary>Whether any string is longer than a name may be: source lines of an object are, so then each name is looked at.</summary>
    public static bool HasLongString(BtfSection btf) => HasLongString(btf.Strings) || (btf.Base is not null && HasLongString(btf.Base.Strings));

    private static bool HasLongString(ReadOnlySpan<byte> strings)
    {
        while (strings.Length > MaxName)
        {
            // The last NUL within reach: whatever ends there is short enough.
            var end = strings[..(MaxName + 1)].LastIndexOf((byte)0);
            if (end < 0) return true;
            strings = strings[(end + 1)..];
        }
        return false;
    }

    /// <summary>Looks at every reference of every type.</summary>
    public static void Check(BtfSection btf, ReadOnlySpan<int> offsets)
    {
        var references = new BtfReferences(btf, btf.FirstId + (uint)offsets.Length);
        for (var i = 0; i < offsets.Length; i++) references.Type(offsets[i], btf.FirstId + (uint)i);
    }

    private void Type(int at, uint id)
    {
        Name(at, id);
        var info = _btf.Words[at + 1];
        var count = (int)(info & 0xffffff);
        switch ((BtfKind)((info >> 24) & 0x7f))
        {
            case BtfKind.Ptr or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.Func or BtfKind.Var or BtfKind.DeclTag or BtfKind.TypeTag:
                Id(at + 2, id);
                break;
            case BtfKind.Array:
                Id(at + 3, id);
                Id(at + 4, id);
                break;
            case BtfKind.FuncProto:
                Id(at + 2, id);
                for (var e = at + 3; count-- > 0; e += 2) { Name(e, id); Id(e + 1, id); }
                break;
            case BtfKind.Struct or BtfKind.Union:
                for (var e = at + 3; count-- > 0; e += 3) { Name(e, id); Id(e + 1, id); }
                break;
            case BtfKind.DataSec:
                for (var e = at + 3; count-- > 0; e += 3) Id(e, id);
                break;
            case BtfKind.Enum:
                for (var e = at + 3; count-- > 0; e += 2) Name(e, id);
                break;
            case BtfKind.Enum64:
                for (var e = at + 3; count-- > 0; e += 3) Name(e, id);
                break;
        }
    }

    private void Name(int word, uint id)
    {
        var offset = _btf.Words[word];
        if (offset >= _btf.StringsEnd) throw _btf.Fault(word, id, $"has a name at string offset {offset}, the strings end at {_btf.StringsEnd}");
        var first = _btf.FirstString;
        var isLong = offset < first ? _base is not null && _base.NameUpTo(offset, MaxName).Length > MaxName : _checkLengths && IsLong(_btf.Strings[(int)(offset - first)..]);
        if (isLong) throw _btf.Fault(word, id, $"has a name of more than {MaxName} bytes");
    }

    private static bool IsLong(ReadOnlySpan<byte> rest) => rest.Length > MaxName && !rest[..(MaxName + 1)].Contains((byte)0);

    private void Id(int word, uint id)
    {
        if (_btf.Words[word] >= _end) throw _btf.Fault(word, id, $"refers to type {_btf.Words[word]}, ids end at {_end - 1}");
    }
}
