namespace Relo.Core.Btf;

/// <summary>Finds an invalid reference: a type id that does not exist, a name outside the strings or a name that is too long.</summary>
internal readonly ref struct BtfReferences
{
    /// <summary>
    /// The longest name of a type or member: twice the kernel's limit for symbols (KSYM_NAME_LEN). Names may overlap, so without a limit a
    /// few bytes could give a million types long names.
    /// </summary>
    private const int MaxName = 1024;

    private readonly BtfSection _btf;
    private readonly uint _end;
    private readonly bool _checkLengths;
    private readonly BtfTypes? _base; // null if its strings are known to be short enough

    private BtfReferences(BtfSection btf, uint end)
    {
        _btf = btf;
        _end = end;
        _checkLengths = HasLongString(btf.Strings);
        _base = btf.Base is not null && HasLongString(btf.Base.Strings) ? btf.Base : null;
    }

    /// <summary>Whether any string is longer than a name may be, as source lines are; then each name is checked.</summary>
    public static bool HasLongString(BtfSection btf) =>
        HasLongString(btf.Strings) || (btf.Base is not null && HasLongString(btf.Base.Strings));

    private static bool HasLongString(ReadOnlySpan<byte> strings)
    {
        while (strings.Length > MaxName)
        {
            // The last NUL within the limit: all strings up to it are short enough.
            var end = strings[..(MaxName + 1)].LastIndexOf((byte)0);
            if (end < 0) return true;
            strings = strings[(end + 1)..];
        }
        return false;
    }

    /// <summary>Checks every reference of every type.</summary>
    public static void Check(BtfSection btf, ReadOnlySpan<int> offsets)
    {
        var references = new BtfReferences(btf, btf.FirstId + (uint)offsets.Length);
        for (var i = 0; i < offsets.Length; i++) references.Type(offsets[i], btf.FirstId + (uint)i);
    }

    private void Type(int at, uint id)
    {
        var info = _btf.Words[at + 1];
        if (KindLayout.Of((BtfKind)((info >> 24) & 0x7f)) is not { } layout)
        {
            Name(at, id); // a kind that is known only from the layout table
            return;
        }
        Words(layout.Once, at, id);
        var count = layout.Element.Length == 0 ? 0 : (int)(info & 0xffffff);
        for (var element = at + layout.Once.Length; count-- > 0; element += layout.Element.Length) Words(layout.Element, element, id);
    }

    private void Words(string words, int at, uint id)
    {
        foreach (var word in words)
        {
            if (KindLayout.IsName(word)) Name(at, id);
            else if (KindLayout.IsType(word)) Id(at, id);
            at++;
        }
    }

    private void Name(int word, uint id)
    {
        var offset = _btf.Words[word];
        if (offset >= _btf.StringsEnd)
            throw _btf.Fault(word, id, $"has its name at string offset {offset}, but the strings end at {_btf.StringsEnd}");
        var first = _btf.FirstString;
        var isLong = offset < first
            ? _base is not null && _base.NameUpTo(offset, MaxName).Length > MaxName
            : _checkLengths && IsLong(_btf.Strings[(int)(offset - first)..]);
        if (isLong) throw _btf.Fault(word, id, $"has a name of more than {MaxName} bytes");
    }

    private static bool IsLong(ReadOnlySpan<byte> rest) => rest.Length > MaxName && !rest[..(MaxName + 1)].Contains((byte)0);

    private void Id(int word, uint id)
    {
        if (_btf.Words[word] >= _end) throw _btf.Fault(word, id, $"refers to type {_btf.Words[word]}, but the last type is {_end - 1}");
    }
}
