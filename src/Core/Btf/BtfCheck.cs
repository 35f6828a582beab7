using System.Buffers.Binary;
using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>Checks the type section once, so that everything after may trust it. Works on 32-bit words: all of BTF's parts are multiples of four.</summary>
internal readonly ref struct BtfCheck
{
    /// <summary>
    /// The longest run of modifiers, typedefs and array levels that is accepted. The kernel's verifier stops at 32
    /// (MAX_RESOLVE_DEPTH); libbpf has no limit. It bounds every walk, so that no input makes one quadratic.
    /// </summary>
    private const int MaxChain = 256;

    /// <summary>The longest name of a type or member: twice what the kernel allows a symbol (KSYM_NAME_LEN). Names may overlap, so that without it a few bytes could name a million types at length.</summary>
    private const int MaxName = 1024;

    private readonly ReadOnlySpan<uint> _words;
    private readonly ReadOnlySpan<byte> _strings;
    private readonly bool _checkLengths;
    private readonly BtfTypes? _base; // where its strings are to be looked at too
    private readonly BtfHeader _header;
    private readonly (byte Info, byte Element)[] _layout;
    private readonly uint _firstId;
    private readonly uint _stringsEnd;
    private readonly string _code;
    private readonly string _section;
    private readonly bool _swap;

    public BtfCheck(ReadOnlySpan<uint> words, ReadOnlySpan<byte> strings, BtfHeader header, BtfTypes? splitBase, (byte, byte)[] layout, string code, string section)
    {
        _words = words;
        _strings = strings;
        _checkLengths = HasLongString(strings);
        _base = splitBase is not null && HasLongString(splitBase.Strings.Span) ? splitBase : null;
        _header = header;
        _layout = layout;
        _firstId = splitBase is null ? 1 : (uint)splitBase.Count;
        _stringsEnd = (splitBase?.StringsEnd ?? 0) + (uint)header.StringsLength;
        _code = code;
        _section = section;
        _swap = header.IsBigEndian == BitConverter.IsLittleEndian;
    }

    /// <summary>Where each type begins, in words; each fits into what is left.</summary>
    public int[] FindTypes()
    {
        if (_header.TypesLength % 4 != 0) throw Fault(_words.Length, 0, $"the types take {_header.TypesLength} bytes, no multiple of 4");
        var offsets = new int[Math.Max(_words.Length / 8, 16)];
        var count = 0;
        for (var at = 0; at < _words.Length;)
        {
            if (count == offsets.Length) Array.Resize(ref offsets, count * 2);
            var id = _firstId + (uint)count;
            if (_words.Length - at < 3) throw Fault(at, id, $"{_words.Length - at} words are left, a type has at least 3");
            offsets[count++] = at;
            var info = Word(at + 1);
            var length = 3 + WordsBehind(at, id, (BtfKind)((info >> 24) & 0x7f), info & 0xffffff);
            if (length > _words.Length - at) throw Fault(at, id, $"needs {length * 4L} bytes, {(_words.Length - at) * 4L} are left");
            at += (int)length;
        }
        Array.Resize(ref offsets, count);
        return offsets;
    }

    /// <summary>Whether any string is longer than a name may be: source lines of an object are, so then each name is looked at.</summary>
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

    /// <summary>Every id that a type refers to exists, every name lies within the strings.</summary>
    public void References(int[] offsets)
    {
        var end = _firstId + (uint)offsets.Length;
        for (var i = 0; i < offsets.Length; i++)
        {
            var at = offsets[i];
            var id = _firstId + (uint)i;
            Name(at, id);
            var info = Word(at + 1);
            var count = (int)(info & 0xffffff);
            switch ((BtfKind)((info >> 24) & 0x7f))
            {
                case BtfKind.Ptr or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.Func or BtfKind.Var or BtfKind.DeclTag or BtfKind.TypeTag:
                    Type(at + 2, id, end);
                    break;
                case BtfKind.Array:
                    Type(at + 3, id, end);
                    Type(at + 4, id, end);
                    break;
                case BtfKind.FuncProto:
                    Type(at + 2, id, end);
                    for (var e = at + 3; count-- > 0; e += 2) { Name(e, id); Type(e + 1, id, end); }
                    break;
                case BtfKind.Struct or BtfKind.Union:
                    for (var e = at + 3; count-- > 0; e += 3) { Name(e, id); Type(e + 1, id, end); }
                    break;
                case BtfKind.DataSec:
                    for (var e = at + 3; count-- > 0; e += 3) Type(e, id, end);
                    break;
                case BtfKind.Enum:
                    for (var e = at + 3; count-- > 0; e += 2) Name(e, id);
                    break;
                case BtfKind.Enum64:
                    for (var e = at + 3; count-- > 0; e += 3) Name(e, id);
                    break;
            }
        }
    }

    /// <summary>No run of modifiers, typedefs and arrays comes back to itself or is over-long.</summary>
    public void Chains(BtfTypes types, int[] offsets)
    {
        var lengths = new short[types.Count - (int)_firstId];
        Span<uint> run = stackalloc uint[MaxChain + 1];
        for (var i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] != 0) continue;
            var depth = 0;
            var known = 0;
            for (var id = _firstId + (uint)i; ;)
            {
                var next = NextInChain(types, id);
                if (next is null) break;
                if (id < _firstId) break; // the base was checked when it was opened
                if (lengths[id - _firstId] is var done and not 0) { known = done; break; }
                if (depth == run.Length) throw Fault(offsets[i], _firstId + (uint)i, $"begins a chain of modifiers, typedefs and arrays that comes back to itself or is longer than {MaxChain}");
                run[depth++] = id;
                id = next.Value;
            }
            if (depth + known > MaxChain) throw Fault(offsets[i], _firstId + (uint)i, $"begins a chain of modifiers, typedefs and arrays longer than {MaxChain}");
            for (var d = 0; d < depth; d++) lengths[run[d] - _firstId] = (short)(depth - d + known);
        }
    }

    private static uint? NextInChain(BtfTypes types, uint id)
    {
        var type = types[id];
        if (type.Kind.IsModifierOrTypedef()) return type.SizeOrType;
        return type.Kind == BtfKind.Array ? types.Array(type).ElementTypeId : null;
    }

    /// <summary>Words behind the head of a type (btf_type_size of libbpf).</summary>
    private long WordsBehind(int at, uint id, BtfKind kind, uint count) => kind switch
    {
        BtfKind.Ptr or BtfKind.Fwd or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.Func or BtfKind.Float or BtfKind.TypeTag => 0,
        BtfKind.Int or BtfKind.Var or BtfKind.DeclTag => 1,
        BtfKind.Array => 3,
        BtfKind.Enum or BtfKind.FuncProto => 2L * count,
        BtfKind.Struct or BtfKind.Union or BtfKind.DataSec or BtfKind.Enum64 => 3L * count,
        // A kind to come: the layout table tells its size, if the BTF brings one.
        > BtfKinds.Last when (int)kind < _layout.Length && (_layout[(int)kind].Info + (_layout[(int)kind].Element * (long)count)) % 4 == 0 =>
            (_layout[(int)kind].Info + (_layout[(int)kind].Element * (long)count)) / 4,
        _ => throw Fault(at + 1, id, $"has kind {(int)kind}, known kinds are 1 to {(int)BtfKinds.Last}"),
    };

    private void Name(int word, uint id)
    {
        var offset = Word(word);
        if (offset >= _stringsEnd) throw Fault(word, id, $"has a name at string offset {offset}, the strings end at {_stringsEnd}");
        var firstOwn = _stringsEnd - (uint)_strings.Length;
        var isLong = offset < firstOwn ? _base is not null && _base.NameUpTo(offset, MaxName).Length > MaxName : _checkLengths && IsLong(_strings[(int)(offset - firstOwn)..]);
        if (isLong) throw Fault(word, id, $"has a name of more than {MaxName} bytes");
    }

    private static bool IsLong(ReadOnlySpan<byte> rest) => rest.Length > MaxName && !rest[..(MaxName + 1)].Contains((byte)0);

    private void Type(int word, uint id, uint end)
    {
        if (Word(word) >= end) throw Fault(word, id, $"refers to type {Word(word)}, ids end at {end - 1}");
    }

    private uint Word(int index) => _swap ? BinaryPrimitives.ReverseEndianness(_words[index]) : _words[index];

    private MalformedObjectException Fault(int word, uint id, string message) =>
        new(_code, _section, _header.TypesStart + (word * 4L), $"type {id} {message}");
}
