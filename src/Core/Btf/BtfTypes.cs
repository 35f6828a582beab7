using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Relo.Core.Btf;

/// <summary>
/// Opened BTF: raw bytes, the offset of each type, and an index of names (from a file, or built on first use). Types are decoded on
/// demand; there is no object per type. Immutable; shared by any number of threads.
/// </summary>
/// <remarks>
/// <see cref="BtfReader"/> has checked everything, now or when the index was built: ids and name offsets found inside are valid.
/// </remarks>
public sealed class BtfTypes
{
    private readonly ReadOnlyMemory<byte> _types;
    private readonly ReadOnlyMemory<byte> _strings;
    private readonly ReadOnlyMemory<byte> _layout;
    private readonly ReadOnlyMemory<byte> _wordOffsets;
    private readonly uint _firstString;
    private readonly Lazy<NameIndex> _index;
    private readonly Lazy<SymbolIndex> _symbols;
    private readonly Lazy<InlineSiteIndex> _inlineSites;

    internal BtfTypes(
        ReadOnlyMemory<byte> bytes, BtfHeader header, ReadOnlyMemory<byte> wordOffsets, NameIndex? names,
        BtfTypes? splitBase, int? pointerSize, Func<BtfTypes, SymbolIndex>? symbols = null)
    {
        Bytes = bytes;
        _types = bytes.Slice(header.TypesStart, header.TypesLength);
        _strings = bytes.Slice(header.StringsStart, header.StringsLength);
        _layout = bytes.Slice(header.LayoutStart, header.LayoutLength);
        _wordOffsets = wordOffsets;
        IsBigEndian = header.IsBigEndian;
        Base = splitBase;
        FirstId = splitBase is null ? 1 : (uint)splitBase.Count;
        _firstString = splitBase?.StringsEnd ?? 0;
        _index = names is null ? new(() => BtfReader.Read(bytes, splitBase).Index) : new(names);
        _symbols = new(() => (symbols ?? SymbolIndex.Of)(this), LazyThreadSafetyMode.PublicationOnly);
        _inlineSites = new(() => InlineSiteIndex.Of(this), LazyThreadSafetyMode.PublicationOnly);
        PointerSize = pointerSize ?? Btf.PointerSize.Of(this);
    }

    /// <summary>The raw BTF.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The base of this split BTF, or null.</summary>
    public BtfTypes? Base { get; }

    /// <summary>Whether the BTF is of a big-endian kernel.</summary>
    public bool IsBigEndian { get; }

    /// <summary>Id of the first own type: 1, or for split BTF one more than the last of the base.</summary>
    public uint FirstId { get; }

    /// <summary>The number of type ids, including void (0) and, for split BTF, those of the base.</summary>
    public int Count => (int)FirstId + (_wordOffsets.Length / sizeof(int));

    /// <summary>Bytes of a pointer: the size of <c>long</c> in this BTF (btf_ptr_sz), 8 without one.</summary>
    public int PointerSize { get; }

    internal uint StringsEnd => _firstString + (uint)_strings.Length;

    internal NameIndex Index => _index.Value;

    /// <summary>Its own functions and variables, by name.</summary>
    internal SymbolIndex Symbols => _symbols.Value;

    /// <summary>Its own inline sites, by function.</summary>
    internal InlineSiteIndex InlineSites => _inlineSites.Value;

    /// <summary>The table of kind sizes, its own or its base's; empty if neither has one.</summary>
    internal ReadOnlySpan<byte> LayoutTable => _layout.IsEmpty && Base is not null ? Base.LayoutTable : _layout.Span;

    /// <summary>Its own types, in the BTF's byte order.</summary>
    internal ReadOnlySpan<uint> Words => MemoryMarshal.Cast<byte, uint>(_types.Span);

    /// <summary>Its own strings; the first is at offset <see cref="StringsEnd"/> minus their length.</summary>
    internal ReadOnlySpan<byte> Strings => _strings.Span;

    /// <summary>Where each of its own types begins among <see cref="Words"/>.</summary>
    internal ReadOnlySpan<int> WordOffsets => MemoryMarshal.Cast<byte, int>(_wordOffsets.Span);

    /// <summary>The type of an id below <see cref="Count"/>.</summary>
    public BtfType this[uint id]
    {
        get
        {
            if (id < FirstId) return Base is null ? default : Base[id];
            return Type(id, Words.Slice(WordOffsets[(int)(id - FirstId)], 3));
        }
    }

    internal BtfType Type(uint id, ReadOnlySpan<uint> head) => new(id, Order(head[0]), Order(head[1]), Order(head[2]));

    /// <summary>The NUL-terminated name at <paramref name="offset"/>, without the NUL.</summary>
    public ReadOnlySpan<byte> Name(uint offset)
    {
        return offset < _firstString ? Base!.Name(offset) : NameAt(_strings.Span, offset - _firstString);
    }

    internal static ReadOnlySpan<byte> NameAt(ReadOnlySpan<byte> strings, uint offset)
    {
        var rest = strings[(int)offset..];
        return rest[..rest.IndexOf((byte)0)];
    }

    /// <summary>As <see cref="Name"/>, but reads at most one byte more than <paramref name="limit"/>.</summary>
    internal ReadOnlySpan<byte> NameUpTo(uint offset, int limit)
    {
        if (offset < _firstString) return Base!.NameUpTo(offset, limit);
        var rest = _strings.Span[(int)(offset - _firstString)..];
        rest = rest[..Math.Min(rest.Length, limit + 1)];
        return rest.IndexOf((byte)0) is var end and >= 0 ? rest[..end] : rest;
    }

    /// <summary>Whether the name at <paramref name="offset"/> is exactly <paramref name="name"/>; faster than reading it.</summary>
    public bool NameEquals(uint offset, ReadOnlySpan<byte> name)
    {
        if (offset < _firstString) return Base!.NameEquals(offset, name);
        var rest = _strings.Span[(int)(offset - _firstString)..];
        return rest.Length > name.Length && rest[name.Length] == 0 && rest.StartsWith(name);
    }

    /// <summary>Whether the name at <paramref name="offset"/> begins with <paramref name="start"/>.</summary>
    internal bool NameStartsWith(uint offset, ReadOnlySpan<byte> start) =>
        offset < _firstString ? Base!.NameStartsWith(offset, start) : _strings.Span[(int)(offset - _firstString)..].StartsWith(start);

    /// <summary>Whether the essential part of the name at <paramref name="offset"/> is <paramref name="essential"/>.</summary>
    public bool EssentialNameEquals(uint offset, ReadOnlySpan<byte> essential) =>
        NameStartsWith(offset, essential) && EssentialName.LengthOf(Name(offset)) == essential.Length;

    /// <summary>The first of its own types of this kind and name; null if there is none. For kinds that the name index covers.</summary>
    internal BtfType? Find(BtfKind kind, ReadOnlySpan<byte> name)
    {
        var hash = NameIndex.Hash(EssentialName.Of(name));
        foreach (var entry in Index.Bucket(hash))
            if (entry.Hash == hash && this[entry.Id] is var type && type.Kind == kind && NameEquals(type.NameOffset, name)) return type;
        return null;
    }

    /// <summary>The number of its own types of this kind and essential name. For kinds that the name index covers.</summary>
    internal int CountOf(BtfKind kind, ReadOnlySpan<byte> essential)
    {
        var (hash, count) = (NameIndex.Hash(essential), 0);
        foreach (var entry in Index.Bucket(hash))
            if (entry.Hash == hash && this[entry.Id] is var type && type.Kind.IsCoreCompatible(kind)
                && EssentialNameEquals(type.NameOffset, essential))
                count++;
        return count;
    }

    /// <summary>Whether <paramref name="offset"/> lies within the strings; name offsets in types always do.</summary>
    public bool HasName(uint offset) => offset < StringsEnd;

    /// <summary>The name at <paramref name="offset"/> as text.</summary>
    public string NameText(uint offset) => Encoding.UTF8.GetString(Name(offset));

    /// <summary>Member <paramref name="index"/> of a struct or union.</summary>
    public BtfMember Member(BtfType type, int index)
    {
        var words = AfterHead(type, index * 3, 3);
        var (name, id, offset) = (Order(words[0]), Order(words[1]), Order(words[2]));
        return type.KindFlag ? new(name, id, offset & 0xffffff, offset >> 24) : new(name, id, offset, 0);
    }

    /// <summary>
    /// The first member from <paramref name="from"/> on that is unnamed or whose name begins as <paramref name="name"/> does; the member
    /// count if there is none. Fast, because BTF that was not deduplicated has hundreds of structs of one name.
    /// </summary>
    internal int NextMemberLike(BtfType type, int from, ReadOnlySpan<byte> name)
    {
        if (type.Id < FirstId) return Base!.NextMemberLike(type, from, name);
        if (name.IsEmpty) return from;
        var members = Words.Slice(WordOffsets[(int)(type.Id - FirstId)] + 3, type.Count * 3);
        var strings = Strings;
        var (first, second) = (name[0], name.Length > 1 ? name[1] : (byte)0);
        for (var i = from; i < type.Count; i++)
        {
            var offset = Order(members[i * 3]);
            if (offset < _firstString) return i; // a name of the base: the caller compares it
            var at = (int)(offset - _firstString);
            if (strings[at] is var begin && (begin == 0 || (begin == first && strings[at + 1] == second))) return i;
        }
        return type.Count;
    }

    /// <summary>
    /// Whether the members <paramref name="from"/> to <paramref name="end"/> of two structs or unions have names at the same offsets.
    /// Both must have that many members.
    /// </summary>
    internal bool HaveSameNames(BtfType one, BtfType other, int from, int end)
    {
        if (one.Id < FirstId || other.Id < FirstId)
            return one.Id < FirstId && other.Id < FirstId && Base!.HaveSameNames(one, other, from, end);
        var words = Words;
        var count = (end - from) * 3;
        var left = words.Slice(WordOffsets[(int)(one.Id - FirstId)] + 3 + (from * 3), count);
        var right = words.Slice(WordOffsets[(int)(other.Id - FirstId)] + 3 + (from * 3), count);
        for (var i = 0; i < left.Length && i < right.Length; i += 3)
            if (left[i] != right[i]) return false;
        return true;
    }

    /// <summary>The array of a type of kind <see cref="BtfKind.Array"/>.</summary>
    public BtfArray Array(BtfType type)
    {
        var words = AfterHead(type, 0, 3);
        return new(Order(words[0]), Order(words[1]), Order(words[2]));
    }

    /// <summary>Enumerator <paramref name="index"/> of an enum or enum64.</summary>
    public BtfEnumerator Enumerator(BtfType type, int index)
    {
        if (type.Kind == BtfKind.Enum)
        {
            var words = AfterHead(type, index * 2, 2);
            return new(Order(words[0]), (ulong)(int)Order(words[1]));
        }
        var wide = AfterHead(type, index * 3, 3);
        return new(Order(wide[0]), Order(wide[1]) | ((ulong)Order(wide[2]) << 32));
    }

    /// <summary>Parameter <paramref name="index"/> of a function prototype.</summary>
    public BtfParameter Parameter(BtfType type, int index)
    {
        var words = AfterHead(type, index * 2, 2);
        return new(Order(words[0]), Order(words[1]));
    }

    /// <summary>Id of the variable or function that is entry <paramref name="index"/> of a data section.</summary>
    public uint DataSecEntry(BtfType type, int index) => Order(AfterHead(type, index * 3, 3)[0]);

    /// <summary>Id of the function that was inlined at entry <paramref name="index"/> of a section of inline sites.</summary>
    internal uint InlinedFunction(BtfType type, int index) => Order(AfterHead(type, index * 3, 3)[0]);

    /// <summary>Encoding, offset and width of an integer.</summary>
    public BtfInt Int(BtfType type) => new(Order(AfterHead(type, 0, 1)[0]));

    /// <summary>Word <paramref name="index"/> after the head of a type; the type must have it.</summary>
    internal uint WordAfterHead(BtfType type, int index) => Order(AfterHead(type, index, 1)[0]);

    private ReadOnlySpan<uint> AfterHead(BtfType type, int word, int count) => type.Id < FirstId
        ? Base!.AfterHead(type, word, count)
        : Words.Slice(WordOffsets[(int)(type.Id - FirstId)] + 3 + word, count);

    private uint Order(uint word) => IsBigEndian == BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(word) : word;
}
