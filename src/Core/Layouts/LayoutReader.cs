using System.Globalization;
using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>Reads the layout of one type from BTF.</summary>
public sealed class LayoutReader
{
    private const int MaxDepth = 32, BitsPerByte = 8;

    private readonly BtfTypes _types;
    private readonly List<LayoutHole> _holes = [];
    private readonly LayoutBudget _budget = new();

    private LayoutReader(BtfTypes types) => _types = types;

    /// <summary>The layout of a named type, function or variable.</summary>
    /// <exception cref="LayoutTooLargeException">It has too many members.</exception>
    public static TypeLayout Read(BtfTypes types, BtfType type)
    {
        var name = LayoutBudget.Cut(types, type.NameOffset);
        var kind = TypeKind.Of(type.Kind) ?? type.Kind.LibbpfName();
        var size = types.SizeOf(type.Id) is var bytes and >= 0 ? bytes : (long?)null;
        return type.Kind switch
        {
            BtfKind.Struct or BtfKind.Union => new LayoutReader(types).Composite(type, kind, name),
            BtfKind.Enum or BtfKind.Enum64 => new(kind, name, null, size, Enumerators: Enumerators(types, type)),
            BtfKind.Func => new(kind, name, CDeclaration.Of(types, type.SizeOrType, name), null),
            BtfKind.Var => new(kind, name, CDeclaration.Of(types, type.SizeOrType, name), size),
            BtfKind.Typedef => Typedef(types, type, name) with { SizeBytes = size },
            _ => new(kind, name, null, size),
        };
    }

    // typedef struct {…} atomic_t: the struct has no other name, so its members are those of the typedef.
    private static TypeLayout Typedef(BtfTypes types, BtfType type, string name)
    {
        var declaration = "typedef " + CDeclaration.Of(types, type.SizeOrType, name);
        var target = types.SkipModifiers(type.SizeOrType);
        var layout = target.NameOffset == 0 && (target.Kind.IsComposite() || target.Kind.IsAnyEnum())
            ? Read(types, target)
            : new TypeLayout("", "", null, null);
        return layout with { Kind = "typedef", Name = name, Declaration = declaration };
    }

    private TypeLayout Composite(BtfType type, string kind, string name)
    {
        var members = Members(type, 0, 0, out var end);
        long? padding = type.Kind == BtfKind.Struct ? Math.Max(0, type.SizeOrType - ((end + BitsPerByte - 1) / BitsPerByte)) : null;
        return new(kind, name, null, type.SizeOrType, members, type.Kind == BtfKind.Struct || _holes.Count > 0 ? _holes : null, padding);
    }

    // start and end in bits
    private List<MemberLayout> Members(BtfType type, long start, int depth, out long end)
    {
        _budget.Members(type.Count);
        var members = new List<MemberLayout>(type.Count);
        end = start;
        for (var i = 0; i < type.Count; i++)
        {
            var member = _types.Member(type, i);
            var at = start + member.BitOffset;
            if (type.Kind == BtfKind.Struct && at / BitsPerByte > (end + BitsPerByte - 1) / BitsPerByte)
            {
                var hole = (end + BitsPerByte - 1) / BitsPerByte;
                _holes.Add(new(hole, (at / BitsPerByte) - hole));
            }

            members.Add(Member(member, at, depth, out var bits));
            end = Math.Max(end, at + bits);
        }

        return members;
    }

    private MemberLayout Member(BtfMember member, long at, int depth, out long bits)
    {
        var name = member.NameOffset == 0 ? null : _budget.Name(_types, member.NameOffset);
        var (text, place) = (_budget.Declaration(_types, member.TypeId), MemberPlace.Of(_types, member, at));
        bits = place.Bits;
        var nested = place.BitSize is null && depth < MaxDepth && Nested(member) is { } inner
            ? Members(inner, at, depth + 1, out _)
            : null;
        return new(name, text, place.OffsetBytes, place.SizeBytes, place.BitOffset, place.BitSize, nested);
    }

    // The anonymous struct or union that a member is, or is an array of; and without a name of its own, a named one (-fms-extensions).
    private BtfType? Nested(BtfMember member)
    {
        if (member.NameOffset == 0 && _types.SkipModifiers(member.TypeId) is var embedded && embedded.Kind.IsComposite()) return embedded;
        var type = _types[member.TypeId];
        for (var step = 0; type.Kind is BtfKind.Array or BtfKind.Const or BtfKind.Volatile; step++)
            type = _types[BtfWalk.Next(type.Kind == BtfKind.Array ? _types.Array(type).ElementTypeId : type.SizeOrType, step)];
        return type.Kind.IsComposite() && type.NameOffset == 0 ? type : null;
    }

    private static List<EnumeratorValue> Enumerators(BtfTypes types, BtfType type)
    {
        var budget = new LayoutBudget();
        budget.Members(type.Count);
        var values = new List<EnumeratorValue>(type.Count);
        for (var i = 0; i < type.Count; i++)
        {
            var enumerator = types.Enumerator(type, i);
            values.Add(new(budget.Name(types, enumerator.NameOffset), Text(type, enumerator.Value)));
        }

        return values;
    }

    // The kind flag says that the enum is signed (btf.rst); the value of a 32-bit one was sign-extended when it was read.
    private static string Text(BtfType type, ulong value) => type.KindFlag
        ? ((long)value).ToString(CultureInfo.InvariantCulture)
        : (type.Kind == BtfKind.Enum ? (uint)value : value).ToString(CultureInfo.InvariantCulture);
}
