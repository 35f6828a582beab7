using System.Globalization;
using System.Text;

namespace Relo.Core.Layouts;

/// <summary>
/// A layout as C with offsets and sizes in comments, as pahole prints it:
/// <code>
/// struct task_struct {
/// 	struct thread_info         thread_info;          /*     0    24 */
/// 	unsigned int               __state;              /*    24     4 */
///
/// 	/* XXX 4 bytes hole */
/// </code>
/// </summary>
public sealed class LayoutText
{
    private const int CacheLineBytes = 64, TypeColumns = 26, NameColumns = 20, TabColumns = 8;
    private const string Braces = " {…}"; // in place of a name that a type lacks; a name may have braces too

    private readonly StringBuilder _text = new();
    private readonly TypeLayout _layout;
    private readonly Dictionary<long, LayoutHole> _holesByEnd = [];
    private readonly HashSet<long> _printedHoles = [];
    private long _line;

    private LayoutText(TypeLayout layout)
    {
        _layout = layout;
        foreach (var hole in layout.Holes ?? []) _holesByEnd.TryAdd(hole.OffsetBytes + hole.SizeBytes, hole);
    }

    /// <summary>The text, which ends with a line break.</summary>
    public static string Of(TypeLayout layout)
    {
        var text = new LayoutText(layout);
        if (layout.Members is { } members) text.Composite(members);
        else if (layout.Enumerators is { } enumerators) text.Enum(enumerators);
        else text._text.Append(layout.Declaration ?? layout.Name).Append(";\n");
        return text._text.ToString();
    }

    private void Composite(IReadOnlyList<MemberLayout> members)
    {
        var (begin, end) = Around();
        _text.Append(begin).Append(" {\n");
        Members(members, 1, areInStruct: begin.EndsWith("struct", StringComparison.Ordinal) || _layout.Kind == "struct");
        if (members.Count > 0) _text.Append('\n');
        if (_layout.PaddingBytes > 0) _text.Append(CultureInfo.InvariantCulture, $"\t/* padding: {_layout.PaddingBytes} */\n");
        var lines = (_layout.SizeBytes + CacheLineBytes - 1) / CacheLineBytes;
        var counts =
            string.Create(CultureInfo.InvariantCulture, $"size: {_layout.SizeBytes}, cachelines: {lines}, members: {members.Count}");
        _text.Append(CultureInfo.InvariantCulture, $"\t/* {counts} */\n}}{end};\n");
    }

    // struct x {…}; or typedef struct {…} x;
    private (string Begin, string End) Around() => _layout.Declaration?.Split(Braces) is [var begin, var end]
        ? (begin, end)
        : ($"{_layout.Kind} {_layout.Name}", "");

    private void Members(IReadOnlyList<MemberLayout> members, int depth, bool areInStruct)
    {
        foreach (var member in members)
        {
            if (areInStruct) BeforeMember(member.OffsetBytes, depth);
            if (member.Members is { } nested && IsAnonymous(member)) Nested(member, nested, depth);
            else Line(depth, $"{Pad(TypeOf(member), TypeColumns - (TabColumns * (depth - 1)))} {NameOf(member)};", member);
        }
    }

    // As pahole, a named struct without a member name (-fms-extensions) is not written out.
    private static bool IsAnonymous(MemberLayout member) => member.Type.Contains(Braces, StringComparison.Ordinal);

    // struct {…} name[4] → the keyword, the members, and what follows the braces
    private void Nested(MemberLayout member, IReadOnlyList<MemberLayout> nested, int depth)
    {
        var at = member.Type.IndexOf(Braces, StringComparison.Ordinal);
        var (keyword, end) = (member.Type[..at], member.Type[(at + Braces.Length)..]);
        _text.Append('\t', depth).Append(keyword).Append(" {\n");
        Members(nested, depth + 1, areInStruct: keyword.EndsWith("struct", StringComparison.Ordinal));
        Line(depth, $"}} {member.Name}{end}".TrimEnd() + ";", member);
    }

    private void BeforeMember(long offset, int depth)
    {
        if (_holesByEnd.TryGetValue(offset, out var hole) && _printedHoles.Add(hole.OffsetBytes))
            _text.Append('\n').Append('\t', depth).Append(CultureInfo.InvariantCulture, $"/* XXX {hole.SizeBytes} bytes hole */\n\n");
        if (offset / CacheLineBytes <= _line) return;
        _line = offset / CacheLineBytes;
        var (at, past) = (_line * CacheLineBytes, offset % CacheLineBytes);
        var passed = past == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" was {past} bytes ago");
        _text.Append('\t', depth).Append(CultureInfo.InvariantCulture, $"/* --- cacheline {_line} boundary ({at} bytes){passed} --- */\n");
    }

    private void Line(int depth, string declaration, MemberLayout member)
    {
        var columns = TypeColumns + NameColumns + 2 - (TabColumns * (depth - 1));
        var place = member.BitOffset is { } bit
            ? string.Create(CultureInfo.InvariantCulture, $"{member.OffsetBytes,5}:{bit,2} {member.SizeBytes,2}")
            : string.Create(CultureInfo.InvariantCulture, $"{member.OffsetBytes,5} {member.SizeBytes,5}");
        _text.Append('\t', depth).Append(Pad(declaration, columns)).Append(" /* ").Append(place).Append(" */\n");
    }

    // char comm[16]: the type text is char[16]; int (*)(void): the name is within
    private static string TypeOf(MemberLayout member) => Split(member).Type;

    private static string NameOf(MemberLayout member)
        => Split(member).Name + (member.BitSize is { } bits ? string.Create(CultureInfo.InvariantCulture, $":{bits}") : "");

    private static (string Type, string Name) Split(MemberLayout member)
    {
        if (member.Type.IndexOf("(*", StringComparison.Ordinal) is var pointer and >= 0)
        {
            var at = pointer + 1;
            while (at < member.Type.Length && member.Type[at] == '*') at++;
            return (member.Type[..pointer].TrimEnd(), $"{member.Type[pointer..at]}{member.Name}{member.Type[at..]}");
        }

        return member.Type.IndexOf('[', StringComparison.Ordinal) is var bracket and >= 0
            ? (member.Type[..bracket].TrimEnd(), member.Name + member.Type[bracket..])
            : (member.Type, member.Name ?? "");
    }

    private void Enum(IReadOnlyList<EnumeratorValue> enumerators)
    {
        var (begin, end) = Around();
        _text.Append(begin).Append(" {\n");
        foreach (var enumerator in enumerators) _text.Append(CultureInfo.InvariantCulture, $"\t{enumerator.Name} = {enumerator.Value},\n");
        _text.Append(CultureInfo.InvariantCulture, $"\n\t/* size: {_layout.SizeBytes}, values: {enumerators.Count} */\n}}{end};\n");
    }

    private static string Pad(string text, int columns) => text.PadRight(Math.Max(0, columns));
}
