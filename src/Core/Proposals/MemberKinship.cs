using Relo.Core.Btf;
using Relo.Core.Relocation;

namespace Relo.Core.Proposals;

/// <summary>How alike two members are, by name and by type.</summary>
internal static class MemberKinship
{
    /// <summary>Names that differ in underscores at the ends alone: <c>state</c>, <c>__state</c>.</summary>
    public const int SameName = 3;

    /// <summary>The words of one name are in the other: <c>rq_disk</c>, <c>disk</c>.</summary>
    public const int PartOfName = 2;

    /// <summary>Types of the same kind, name and size.</summary>
    public const int SameType = 2;

    private const int ShortestPart = 3;

    /// <summary>How alike two names are; 0 if not at all.</summary>
    public static int OfNames(string one, string other)
    {
        var (left, right) = (one.Trim('_'), other.Trim('_'));
        if (left.Length == 0 || right.Length == 0) return 0;
        if (left == right) return SameName;
        return IsPart(left, right) || IsPart(right, left) ? PartOfName : 0;
    }

    /// <summary>How alike two types are: 0 if CO-RE calls them incompatible.</summary>
    public static int OfTypes(BtfTypes one, uint oneId, BtfTypes other, uint otherId, WorkBudget work)
    {
        if (!FieldCompat.Are(one, oneId, other, otherId, work)) return 0;
        var (left, right) = (one.SkipModifiers(oneId), other.SkipModifiers(otherId));
        if (left.Kind == BtfKind.Ptr && right.Kind == BtfKind.Ptr)
            return NamesMatch(one, one.SkipModifiers(left.SizeOrType), other, other.SkipModifiers(right.SizeOrType)) ? SameType : 1;
        return one.SizeOf(left.Id) == other.SizeOf(right.Id) && (left.Kind == BtfKind.Int || NamesMatch(one, left, other, right))
            ? SameType
            : 1;
    }

    // A type that is only declared in one object is defined in the other.
    private static bool NamesMatch(BtfTypes one, BtfType left, BtfTypes other, BtfType right) =>
        EssentialName.Of(one.Name(left.NameOffset)).SequenceEqual(EssentialName.Of(other.Name(right.NameOffset)))
        && (left.Kind == right.Kind || left.Kind == BtfKind.Fwd || right.Kind == BtfKind.Fwd);

    // "disk" is a part of "rq_disk", and "is" is not.
    private static bool IsPart(string part, string whole) => part.Length >= ShortestPart
        && (whole.EndsWith("_" + part, StringComparison.Ordinal) || whole.StartsWith(part + "_", StringComparison.Ordinal));
}
