using System.Globalization;
using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Core.Headers;

/// <summary>Writes definitions of types, and spells the types in them; an anonymous type is written where it is used.</summary>
internal sealed class HeaderText(BtfTypes types, HeaderNames names, BpfShapes shapes, HeaderTags tags, TextLimit limit) : CSpelling
{
    private const int MaxDepth = 64, BitsPerByte = 8, WidestBits = 64;

    private int _depth;

    /// <summary><c>struct file {…}</c>, without the semicolon; also of an enum.</summary>
    public string Definition(BtfType type) => type.Kind.IsAnyEnum() ? Enum(type) : Record(type);

    /// <summary><c>typedef unsigned int u32</c>.</summary>
    public string Typedef(BtfType type) => $"typedef {Declaration(type.SizeOrType, names[type.Id])}{tags.Of(type.Id)}";

    /// <summary>A declaration.</summary>
    public string Declaration(uint typeId, string name) => CDeclaration.Of(types, typeId, name, this);

    /// <inheritdoc/>
    public override string Type(BtfType type)
    {
        if (type.NameOffset == 0 && (type.Kind.IsComposite() || type.Kind.IsAnyEnum())) return Definition(type);
        if (type.Kind is BtfKind.Int or BtfKind.Float or BtfKind.Typedef) return names[type.Id];
        return TypeKind.KeywordOf(type) is { } keyword && type.NameOffset != 0 ? $"{keyword} {names[type.Id]}" : "void";
    }

    /// <inheritdoc/>
    public override string Parameter(uint nameOffset) => names.Plain(nameOffset);

    /// <inheritdoc/>
    public override string Tag(BtfType tag) => tags.OfType(tag);

    /// <inheritdoc/>
    public override string TooMuch() => throw new LayoutTooLargeException("a declaration refers to more types than any of a kernel");

    private string Record(BtfType type, bool isNamed = true)
    {
        if (++_depth > MaxDepth) throw new LayoutTooLargeException($"anonymous structs are nested more than {MaxDepth} deep");
        var plan = shapes.Plan(type);
        var text = Begin(type, isNamed).Append(" {\n");
        long at = 0;
        for (var i = 0; i < type.Count; i++)
        {
            if (plan.Members?[i] is { } planned && type.Kind == BtfKind.Struct)
            {
                if (planned.PlaceFrom(at, plan.IsPacked) < planned.BitOffset) Pad(text, at, planned.BitOffset);
                at = planned.BitEnd;
            }

            Member(text, type, i);
        }

        End(text, type, plan, at);
        _depth--;
        return text.ToString();
    }

    private void Member(LimitedText text, BtfType type, int index)
    {
        var member = types.Member(type, index);
        // C allows an unnamed member of a named struct type only with -fms-extensions, so the struct is written out.
        var embedded = types.SkipModifiers(member.TypeId);
        var declaration = member.NameOffset == 0 && embedded.Kind.IsComposite() ? Record(embedded, isNamed: false)
            : Declaration(member.TypeId, names.Plain(member.NameOffset));
        var width = MemberPlace.WidthOf(types, member) is > 0 and var bits ? FormattableString.Invariant($":{bits}") : "";
        Indent(text).Append(declaration).Append(width)
            .Append(tags.Of(type.Id, index)).Append(";\n");
    }

    private void End(LimitedText text, BtfType type, RecordPlan plan, long at)
    {
        var end = (long)type.SizeOrType * BitsPerByte;
        if (plan.IsExact && type.Kind == BtfKind.Struct && at.Up(plan.AlignBytes * BitsPerByte) < end) Pad(text, at, end);
        _depth--;
        Indent(text).Append("}");
        _depth++;
        if (plan.IsPacked) text.Append(" __attribute__((packed))");
        if (plan.IsAligned) text.Append(FormattableString.Invariant($" __attribute__((aligned({plan.AlignBytes})))"));
        text.Append(tags.Of(type.Id));
    }

    // Unnamed bit-fields: they move what follows, are no members, and do not align the struct.
    private void Pad(LimitedText text, long at, long to)
    {
        limit.Check((to - at) / WidestBits * "long : 64;\n".Length); // a hole of gigabytes is refused before it is written
        while (at < to)
        {
            var (number, bits) = at % BitsPerByte != 0 || to - at < BitsPerByte
                ? ("char", Math.Min(BitsPerByte - (at % BitsPerByte), to - at))
                : _paddings.First(one => at % one.Bits == 0 && one.Bits <= to - at);
            Indent(text).Append(string.Create(CultureInfo.InvariantCulture, $"{number} : {bits};\n"));
            at += bits;
        }
    }

    private static readonly (string Number, long Bits)[] _paddings = [("long", WidestBits), ("int", 32), ("short", 16), ("char", 8)];

    private string Enum(BtfType type)
    {
        // A forward declaration of an enum; C has no enum without enumerators.
        if (type.Count == 0) return type.NameOffset == 0 ? CNumber.OfSize(type.SizeOrType, type.KindFlag) : Begin(type).ToString();
        _depth++;
        var text = Begin(type).Append(" {\n");
        var enumerators = names.Enumerators(type);
        for (var i = 0; i < enumerators.Length; i++)
            Indent(text).Append(enumerators[i]).Append(" = ").Append(EnumText.Value(type, types.Enumerator(type, i).Value)).Append(",\n");
        _depth--;
        Indent(text).Append("}").Append(EnumText.AttributeOf(types, type)).Append(tags.Of(type.Id));
        return text.ToString();
    }

    private LimitedText Begin(BtfType type, bool isNamed = true)
    {
        var text = new LimitedText(limit).Append(TypeKind.KeywordOf(type)!);
        return type.NameOffset == 0 || !isNamed ? text : text.Append(" ").Append(names[type.Id]);
    }

    private LimitedText Indent(LimitedText text) => text.Append(new string('\t', Math.Max(0, _depth)));
}
