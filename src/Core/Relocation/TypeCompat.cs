using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>
/// Whether two types of one name are of compatible shape, for type-exists, type-size and type-id (__bpf_core_types_are_compat of libbpf).
/// </summary>
internal sealed class TypeCompat(BtfTypes local, BtfTypes target, WorkBudget work)
{
    private const int MaxDepth = 32;

    private readonly PairResults _results = new(work);

    /// <summary>Whether it compares these types.</summary>
    public bool IsOf(BtfTypes locals, BtfTypes targets) => local == locals && target == targets;

    /// <returns>1, 0, or a negative errno: libbpf stops at 32 levels.</returns>
    public int Are(uint localId, uint targetId, int level = MaxDepth)
    {
        // The roots must agree in kind before modifiers are skipped: a typedef needs a typedef.
        if (!local[localId].Kind.IsCoreCompatible(target[targetId].Kind)) return 0;
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            if (!work.Pay()) return Errno.Budget;
            var l = work.SkipModifiers(local, localId);
            var t = work.SkipModifiers(target, targetId);
            if (!l.Kind.IsCoreCompatible(t.Kind)) return 0;
            switch (l.Kind)
            {
                case BtfKind.Void or BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Fwd:
                    return 1;
                case BtfKind.Int:
                    return local.Int(l).BitOffset == 0 && target.Int(t).BitOffset == 0 ? 1 : 0;
                case BtfKind.Ptr:
                    (localId, targetId) = (l.SizeOrType, t.SizeOrType);
                    continue;
                case BtfKind.Array:
                    (localId, targetId) = (local.Array(l).ElementTypeId, target.Array(t).ElementTypeId);
                    continue;
                case BtfKind.FuncProto:
                    if (l.Count != t.Count) return 0;
                    if (AreParameters(l, t, level) is var compatible and <= 0) return compatible;
                    (localId, targetId) = (l.SizeOrType, t.SizeOrType);
                    continue;
                default:
                    return 0; // libbpf warns of an "unexpected kind"; floats are one.
            }
        }
        return Errno.EInval;
    }

    private int AreParameters(BtfType l, BtfType t, int level)
    {
        if (_results.TryGet(l, t, behindPointer: false, level, out var known)) return known;
        var compatible = 1;
        for (var i = 0; i < l.Count && compatible > 0; i++)
        {
            compatible = level <= 0 ? Errno.EInval : Are(
                work.SkipModifiers(local, local.Parameter(l, i).TypeId).Id,
                work.SkipModifiers(target, target.Parameter(t, i).TypeId).Id,
                level - 1);
        }
        return _results.Keep(l, t, behindPointer: false, level, compatible);
    }
}
