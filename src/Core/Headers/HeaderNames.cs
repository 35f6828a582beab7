using System.Collections.Frozen;
using System.Globalization;
using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Core.Headers;

/// <summary>
/// The names of a header. A name that is taken, or a word of C, gets <c>___2</c> at its end, as bpftool does: CO-RE ignores it
/// (<see cref="EssentialName"/>).
/// </summary>
internal sealed class HeaderNames
{
    private const int FirstDuplicate = 2;

    // __builtin_va_list is a typedef that clang knows without a declaration.
    private static readonly FrozenSet<string> _words = (
        "auto break case char const continue default do double else enum extern float for goto if inline int long register restrict return "
        + "short signed sizeof static struct switch typedef union unsigned void volatile while _Alignas _Alignof _Atomic _Bool _Complex "
        + "_Generic _Imaginary _Noreturn _Static_assert _Thread_local __int128 asm typeof __builtin_va_list").Split(' ').ToFrozenSet();

    private readonly BtfTypes _types;
    private readonly TextLimit _limit;
    private readonly HashSet<string> _tags = new(StringComparer.Ordinal); // of structs, unions and enums
    private readonly HashSet<string> _others = new(_words, StringComparer.Ordinal); // typedefs, enumerators, functions
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);
    private readonly Dictionary<uint, string> _ofType = [];
    private readonly HashSet<uint> _complete = [];
    private readonly Dictionary<uint, string> _numbers = [];
    private readonly Dictionary<uint, string[]> _enumerators = [];

    /// <summary>Names all types of a BTF, in the order of their ids.</summary>
    /// <exception cref="LayoutTooLargeException">The names are too long together.</exception>
    public HeaderNames(BtfTypes types, TextLimit limit)
    {
        (_types, _limit) = (types, limit);
        for (var id = 1u; id < (uint)types.Count; id++) Number(types[id]);
        var first = new Dictionary<(string, bool), uint>();
        for (var id = 1u; id < (uint)types.Count; id++)
            if (types[id] is { NameOffset: not 0 } type) Name(type, first);
        for (var id = 1u; id < (uint)types.Count; id++)
            if (types[id] is var type && type.Kind == BtfKind.Fwd && type.NameOffset != 0) Forward(type, first);
    }

    /// <summary>
    /// The C type as which an integer or float must be declared, because C does not know its name; null for all other types.
    /// </summary>
    public string? DeclaredAs(uint id) => _numbers.TryGetValue(id, out var meaning) && meaning != _ofType[id] ? meaning : null;

    /// <summary>The name of a named type, without its keyword.</summary>
    public string this[uint id] => _ofType[id];

    /// <summary>The C type of an integer or float: <c>unsigned int</c> for one that is named <c>u32</c>.</summary>
    public string NumberOf(uint id) => _numbers[id];

    /// <summary>Whether the BTF has the struct or union that a forward declaration is of.</summary>
    public bool IsComplete(uint id) => _complete.Contains(id);

    /// <summary>
    /// The names of the enumerators of an enum. Those of an anonymous enum differ each time, because it is written wherever it is used.
    /// </summary>
    public string[] Enumerators(BtfType type) => _enumerators.TryGetValue(type.Id, out var names) ? names : NamesOf(type);

    /// <summary>Takes the name of a function; false if something else has it.</summary>
    public bool TryTake(string name) => IsPlain(name) && _others.Add(name);

    /// <summary>A name as the BTF has it.</summary>
    /// <exception cref="LayoutTooLargeException">As above.</exception>
    public string Text(uint offset) => _limit.Count(LayoutBudget.Cut(_types, offset));

    /// <summary>A name that C accepts, for a member or parameter.</summary>
    public string Plain(uint offset) => Plain(LayoutBudget.Cut(_types, offset)) is var name && _words.Contains(name) ? name + "_" : name;

    private void Number(BtfType type)
    {
        if (type.Kind is not (BtfKind.Int or BtfKind.Float)) return;
        var name = Text(type.NameOffset);
        var size = CNumber.SizeOf(name);
        var isKnown = size > 0 && (size == type.SizeOrType || IsNarrowLong(name, type));
        var meaning = type.Kind == BtfKind.Float ? CNumber.Bytes(type.SizeOrType)
            : CNumber.OfSize(type.SizeOrType, _types.Int(type).IsSigned);
        var isDeclared = !isKnown && size == 0 && TryTake(name);
        _ofType[type.Id] = isKnown || isDeclared ? name : meaning;
        _numbers[type.Id] = isKnown ? name : meaning;
    }

    // "long" of a 32-bit kernel stays "long": loads of it are relocated to its size there.
    private bool IsNarrowLong(string name, BtfType type) =>
        _types.PointerSize == 4 && type.SizeOrType == 4 && name.Contains("long", StringComparison.Ordinal);

    private void Name(BtfType type, Dictionary<(string, bool), uint> first)
    {
        var name = Plain(Text(type.NameOffset));
        switch (type.Kind)
        {
            case BtfKind.Struct or BtfKind.Union:
                first.TryAdd((name, type.Kind == BtfKind.Union), type.Id);
                _ofType[type.Id] = Take(_tags, name);
                break;
            case BtfKind.Enum or BtfKind.Enum64:
                _ofType[type.Id] = Take(_tags, name);
                _enumerators[type.Id] = NamesOf(type);
                break;
            case BtfKind.Typedef:
                _ofType[type.Id] = Take(_others, name);
                break;
        }
    }

    private void Forward(BtfType type, Dictionary<(string, bool), uint> first)
    {
        var name = Plain(Text(type.NameOffset));
        if (first.TryGetValue((name, type.KindFlag), out var same))
        {
            _ofType[type.Id] = _ofType[same];
            _complete.Add(type.Id); // or an equal forward declaration is written
            return;
        }

        first[(name, type.KindFlag)] = type.Id;
        _ofType[type.Id] = Take(_tags, name);
    }

    private string[] NamesOf(BtfType type)
    {
        var names = new string[type.Count];
        for (var i = 0; i < names.Length; i++)
            names[i] = Take(_others, Plain(Text(_types.Enumerator(type, i).NameOffset)));
        return names;
    }

    private string Take(HashSet<string> taken, string name)
    {
        if (!_words.Contains(name) && taken.Add(name)) return name;
        var number = _next.GetValueOrDefault(name, FirstDuplicate);
        string other;
        do other = string.Create(CultureInfo.InvariantCulture, $"{name}___{number++}");
        while (!taken.Add(other));
        _next[name] = number;
        return other;
    }

    private static bool IsPlain(string name) => name.Length > 0 && !_words.Contains(name) && Plain(name) == name;

    // Compilers of other languages write names that C does not accept: core::fmt::Arguments.
    private static string Plain(string name)
    {
        if (name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(IsOfName)) return name;
        var plain = string.Concat(name.Select(c => IsOfName(c) ? c : '_'));
        return plain.Length > 0 && char.IsAsciiDigit(plain[0]) ? "_" + plain : plain;
    }

    private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
