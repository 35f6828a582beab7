using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>The members of a struct or union that C code can name directly: those of members without a name are members of it.</summary>
internal static class MemberWalk
{
    private const int MaxDepth = 32;

    /// <summary>Visits them in order.</summary>
    /// <param name="types">The BTF.</param>
    /// <param name="composite">The struct or union; others have no members.</param>
    /// <param name="mayRead">Called with a number of members before they are read; false ends the walk.</param>
    /// <param name="visit">Receives each, and its offset in bits from the start of the outermost type.</param>
    public static void Run(BtfTypes types, BtfType composite, Func<int, bool> mayRead, Action<BtfMember, long> visit) =>
        Run(types, composite, 0, mayRead, visit, 0);

    private static bool Run(
        BtfTypes types, BtfType composite, long start, Func<int, bool> mayRead, Action<BtfMember, long> visit, int depth)
    {
        if (!composite.Kind.IsComposite() || depth > MaxDepth) return true;
        if (!mayRead(composite.Count)) return false;
        for (var i = 0; i < composite.Count; i++)
        {
            var member = types.Member(composite, i);
            var at = start + member.BitOffset;
            if (member.NameOffset != 0) visit(member, at);
            else if (!Run(types, types.SkipModifiers(member.TypeId), at, mayRead, visit, depth + 1)) return false;
        }

        return true;
    }
}
