using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>
/// Whether a target type has all that the local type has, member by member: kind type-matches (__bpf_core_types_match,
/// bpf_core_composites_match, bpf_core_enums_match of libbpf).
/// </summary>
internal sealed class TypeMatcher(BtfTypes local, BtfTypes target, WorkBudget work)
{
    private const int MaxDepth = 32;

    private readonly PairResults _results = new(work);

    /// <summary>Whether it compares these types.</summary>
    public bool IsOf(BtfTypes locals, BtfTypes targets) => local == locals && target == targets;

    /// <returns>1, 0, or a negative errno.</returns>
    public int Match(uint localId, uint targetId, bool behindPointer = false, int level = MaxDepth)
    {
        if (level <= 0) return Errno.EInval;
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            if (!work.Pay()) return Errno.Budget;
            var l = work.SkipModifiers(local, localId);
            var t = work.SkipModifiers(target, targetId);
            if (!NamesMatch(Essential(l.NameOffset), t.NameOffset)) return 0;
            switch (l.Kind)
            {
                case BtfKind.Void:
                    return t.Kind == BtfKind.Void ? 1 : 0;
                case BtfKind.Fwd:
                    return ForwardMatches(l, t, behindPointer) ? 1 : 0;
                case BtfKind.Enum or BtfKind.Enum64:
                    return t.Kind.IsAnyEnum() ? EnumsMatch(l, t) : 0;
                case BtfKind.Struct or BtfKind.Union when behindPointer:
                    // Through a pointer, members do not matter, and a forward declaration of the right kind is sufficient.
                    return t.Kind == l.Kind || (t.Kind == BtfKind.Fwd && l.Kind == BtfKind.Union == t.KindFlag) ? 1 : 0;
                case BtfKind.Struct or BtfKind.Union:
                    return l.Kind == t.Kind ? CompositesMatch(l, t, level) : 0;
                case BtfKind.Int:
                    return t.Kind == BtfKind.Int && l.SizeOrType == t.SizeOrType && local.Int(l).IsSigned == target.Int(t).IsSigned ? 1 : 0;
                case BtfKind.Ptr:
                    if (t.Kind != BtfKind.Ptr) return 0;
                    behindPointer = true;
                    (localId, targetId) = (l.SizeOrType, t.SizeOrType);
                    continue;
                case BtfKind.Array:
                    if (t.Kind != BtfKind.Array) return 0;
                    var (la, ta) = (local.Array(l), target.Array(t));
                    if (la.Length != ta.Length) return 0;
                    (localId, targetId) = (la.ElementTypeId, ta.ElementTypeId);
                    continue;
                case BtfKind.FuncProto:
                    if (t.Kind != BtfKind.FuncProto || l.Count != t.Count) return 0;
                    if (ParametersMatch(l, t, behindPointer, level) is var matched and <= 0) return matched;
                    (localId, targetId) = (l.SizeOrType, t.SizeOrType);
                    continue;
                default:
                    return 0; // An "unexpected kind" to libbpf; floats are one.
            }
        }
        return Errno.EInval;
    }

    private static bool ForwardMatches(BtfType l, BtfType t, bool behindPointer)
    {
        if (t.Kind == BtfKind.Fwd) return l.KindFlag == t.KindFlag;
        return behindPointer && ((t.Kind == BtfKind.Struct && !l.KindFlag) || (t.Kind == BtfKind.Union && l.KindFlag));
    }

    private int ParametersMatch(BtfType l, BtfType t, bool behindPointer, int level)
    {
        if (_results.TryGet(l, t, behindPointer, level, out var known)) return known;
        var matched = 1;
        for (var i = 0; i < l.Count && matched > 0; i++)
            matched = Match(local.Parameter(l, i).TypeId, target.Parameter(t, i).TypeId, behindPointer, level - 1);
        return _results.Keep(l, t, behindPointer, level, matched);
    }

    private int CompositesMatch(BtfType l, BtfType t, int level)
    {
        if (l.Count > t.Count) return 0;
        return _results.TryGet(l, t, behindPointer: false, level, out var known)
            ? known
            : _results.Keep(l, t, behindPointer: false, level, MembersMatch(l, t, level));
    }

    private int MembersMatch(BtfType l, BtfType t, int level)
    {
        for (var i = 0; i < l.Count; i++)
        {
            var member = local.Member(l, i);
            var name = Essential(member.NameOffset);
            var matched = 0;
            for (var j = 0; j < t.Count && matched == 0; j++)
            {
                if (!work.Pay()) return Errno.Budget;
                var candidate = target.Member(t, j);
                if (!NamesMatch(name, candidate.NameOffset)) continue;
                matched = Match(member.TypeId, candidate.TypeId, behindPointer: false, level - 1);
                if (matched < 0) return matched;
            }
            if (matched == 0) return 0;
        }
        return 1;
    }

    private int EnumsMatch(BtfType l, BtfType t)
    {
        if (l.SizeOrType != t.SizeOrType || l.Count > t.Count) return 0;
        for (var i = 0; i < l.Count; i++)
        {
            var name = Essential(local.Enumerator(l, i).NameOffset);
            var found = false;
            for (var j = 0; j < t.Count && !found; j++)
            {
                if (!work.Pay()) return Errno.Budget;
                found = NamesMatch(name, target.Enumerator(t, j).NameOffset);
            }
            if (!found) return 0;
        }
        return 1;
    }

    /// <summary>An anonymous target needs an anonymous local; otherwise essential names are equal (bpf_core_names_match).</summary>
    private bool NamesMatch(ReadOnlySpan<byte> essential, uint targetName) => target.NameEquals(targetName, default)
        ? essential.IsEmpty
        : work.EssentialNameEquals(target, targetName, essential);

    private ReadOnlySpan<byte> Essential(uint localName) => work.EssentialNameOf(local, localName);
}
