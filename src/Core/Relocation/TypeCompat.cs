using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>Whether two types of one name are of compatible shape, for type-exists, type-size and type-id (__bpf_core_types_are_compat of libbpf).</summary>
internal static class TypeCompat
{
    private const int MaxDepth = 32;

    /// <returns>1, 0, or a negative errno: libbpf gives up at 32 levels.</returns>
    public static int Are(BtfTypes local, uint localId, BtfTypes target, uint targetId, WorkBudget work, int level = MaxDepth)
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
                    for (var i = 0; i < l.Count; i++)
                    {
                        if (level <= 0) return Errno.EInval;
                        var compatible = Are(local, work.SkipModifiers(local, local.Parameter(l, i).TypeId).Id, target, work.SkipModifiers(target, target.Parameter(t, i).TypeId).Id, work, level - 1);
                        if (compatible <= 0) return compatible;
                    }
                    (localId, targetId) = (l.SizeOrType, t.SizeOrType);
                    continue;
                default:
                    return 0; // libbpf warns of an "unexpected kind", floats among them.
            }
        }
        return Errno.EInval;
    }
}
