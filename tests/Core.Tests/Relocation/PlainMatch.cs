using Relo.Core.Btf;

namespace Relo.Core.Tests.Relocation;

/// <summary>
/// libbpf's recursion as it stands in relo_core.c, without a memo and without a budget: what the matchers must agree with. The inputs
/// are small enough for it.
/// </summary>
internal sealed class PlainMatch(BtfTypes local, BtfTypes target)
{
    private const int MaxDepth = 32, EInval = -22, E2Big = -7, MaxSteps = 64;

    /// <summary>__bpf_core_types_match, of what <see cref="LayeredTypes"/> writes.</summary>
    public int Matches(uint localId, uint targetId, bool behindPointer = false, int level = MaxDepth)
    {
        if (level <= 0) return EInval;
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            var (l, t) = (local.SkipModifiers(localId), target.SkipModifiers(targetId));
            if (local.NameText(l.NameOffset) != target.NameText(t.NameOffset) || l.Kind != t.Kind) return 0;
            switch (l.Kind)
            {
                case BtfKind.Void:
                    return 1;
                case BtfKind.Int:
                    return l.SizeOrType == t.SizeOrType ? 1 : 0;
                case BtfKind.Ptr:
                    (behindPointer, localId, targetId) = (true, l.SizeOrType, t.SizeOrType);
                    continue;
                case BtfKind.Struct:
                    return behindPointer ? 1 : Members(l, t, level);
                default:
                    if (l.Count != t.Count) return 0;
                    for (var i = 0; i < l.Count; i++)
                    {
                        var matched = Matches(local.Parameter(l, i).TypeId, target.Parameter(t, i).TypeId, behindPointer, level - 1);
                        if (matched <= 0) return matched;
                    }
                    (localId, targetId) = (l.SizeOrType, t.SizeOrType);
                    continue;
            }
        }
        return EInval;
    }

    private int Members(BtfType l, BtfType t, int level)
    {
        if (l.Count > t.Count) return 0;
        for (var i = 0; i < l.Count; i++)
        {
            var matched = 0;
            for (var j = 0; j < t.Count && matched == 0; j++)
            {
                var (wanted, candidate) = (local.Member(l, i), target.Member(t, j));
                if (local.NameText(wanted.NameOffset) != target.NameText(candidate.NameOffset)) continue;
                matched = Matches(wanted.TypeId, candidate.TypeId, behindPointer: false, level - 1);
                if (matched < 0) return matched;
            }
            if (matched == 0) return 0;
        }
        return 1;
    }

    /// <summary>__bpf_core_types_are_compat, of the same.</summary>
    public int AreCompatible(uint localId, uint targetId, int level = MaxDepth)
    {
        if (local[localId].Kind != target[targetId].Kind) return 0;
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            var (l, t) = (local.SkipModifiers(localId), target.SkipModifiers(targetId));
            if (l.Kind != t.Kind) return 0;
            switch (l.Kind)
            {
                case BtfKind.Void or BtfKind.Int or BtfKind.Struct:
                    return 1;
                case BtfKind.Ptr:
                    (localId, targetId) = (l.SizeOrType, t.SizeOrType);
                    continue;
                default:
                    if (l.Count != t.Count) return 0;
                    for (var i = 0; i < l.Count; i++)
                    {
                        if (level <= 0) return EInval;
                        var (of, with) =
                            (local.SkipModifiers(local.Parameter(l, i).TypeId), target.SkipModifiers(target.Parameter(t, i).TypeId));
                        var compatible = AreCompatible(of.Id, with.Id, level - 1);
                        if (compatible <= 0) return compatible;
                    }
                    (localId, targetId) = (l.SizeOrType, t.SizeOrType);
                    continue;
            }
        }
        return EInval;
    }

    /// <summary>
    /// bpf_core_match_member, of a member that is compatible wherever it is, with <paramref name="steps"/> steps before it.
    /// </summary>
    public (int Result, uint BitOffset) Member(string name, uint targetId, int steps, uint bitOffset = 0)
    {
        var type = target.SkipModifiers(targetId);
        for (var i = 0; type.Kind == BtfKind.Struct && i < type.Count; i++)
        {
            if (steps == MaxSteps) return (E2Big, 0);
            var member = target.Member(type, i);
            var text = target.NameText(member.NameOffset);
            if (text == name) return (1, bitOffset + member.BitOffset);
            if (text.Length == 0 && Member(name, member.TypeId, steps + 1, bitOffset + member.BitOffset) is { Result: not 0 } found)
                return found;
        }
        return (0, 0);
    }
}
