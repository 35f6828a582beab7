using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>Whether a member can stand for another of the same name (bpf_core_fields_are_compat of libbpf).</summary>
internal static class FieldCompat
{
    /// <returns>Whether they are compatible; modifiers and typedefs are skipped, array lengths ignored.</returns>
    public static bool Are(BtfTypes local, uint localId, BtfTypes target, uint targetId, WorkBudget work)
    {
        for (var step = 0; ; step++)
        {
            var l = work.SkipModifiers(local, localId);
            var t = work.SkipModifiers(target, targetId);
            if (l.Kind.IsComposite() && t.Kind.IsComposite()) return true;
            if (!l.Kind.IsCoreCompatible(t.Kind)) return false;
            switch (l.Kind)
            {
                case BtfKind.Ptr or BtfKind.Float:
                    return true;
                case BtfKind.Fwd or BtfKind.Enum or BtfKind.Enum64:
                    // Anonymous on either side, or the same essential name.
                    var localName = work.EssentialNameOf(local, l.NameOffset);
                    return localName.IsEmpty || target.NameEquals(t.NameOffset, default)
                        || work.EssentialNameEquals(target, t.NameOffset, localName);
                case BtfKind.Int:
                    // Size and sign do not matter; deprecated bit-field integers never match.
                    return local.Int(l).BitOffset == 0 && target.Int(t).BitOffset == 0;
                case BtfKind.Array:
                    localId = local.Array(l).ElementTypeId;
                    targetId = BtfWalk.Next(target.Array(t).ElementTypeId, step);
                    continue;
                default:
                    return false;
            }
        }
    }
}
