using Relo.Core.Btf;
using Relo.Core.BtfExt;

namespace Relo.Core.Access;

/// <summary>Parses a record's access in the object's own BTF (bpf_core_parse_spec of libbpf).</summary>
internal static class AccessSpecParser
{
    /// <returns>0 and the spec, or a negative errno.</returns>
    public static int Parse(BtfTypes types, CoreRelo relo, ReadOnlySpan<byte> access, WorkBudget work, out AccessSpec? spec)
    {
        spec = null;
        if (relo.Kind.IsTypeBased())
        {
            if (!access.SequenceEqual("0"u8)) return Errno.EInval;
            spec = new(types, relo.TypeId, relo.Kind, [], [], 0);
            return 0;
        }
        if (AccessString.Parse(access, out var raw) is var error and not 0) return error;
        var root = work.SkipModifiers(types, relo.TypeId);

        if (relo.Kind.IsEnumBased())
        {
            if (!root.Kind.IsAnyEnum() || raw.Length > 1 || raw[0] >= root.Count) return Errno.EInval;
            spec = new(types, relo.TypeId, relo.Kind, [new(root.Id, raw[0], types.Enumerator(root, raw[0]).NameOffset)], raw, 0);
            return 0;
        }
        return relo.Kind.IsFieldBased() ? ParseField(types, relo, raw, root, work, out spec) : Errno.EInval;
    }

    private static int ParseField(BtfTypes types, CoreRelo relo, int[] raw, BtfType root, WorkBudget work, out AccessSpec? spec)
    {
        spec = null;
        var size = types.SizeOf(root.Id);
        if (size < 0) return (int)size;
        // libbpf keeps offsets in 32 bits and lets them wrap; so do we.
        var bitOffset = unchecked((uint)(raw[0] * size * 8));
        Span<Accessor> accessors = stackalloc Accessor[AccessSpec.MaxLength];
        accessors[0] = new(root.Id, raw[0], 0);
        var count = 1;
        var id = root.Id;
        for (var i = 1; i < raw.Length; i++)
        {
            if (!work.Pay()) return Errno.Budget;
            var type = work.SkipModifiers(types, id);
            if (type.Kind.IsComposite())
            {
                if (raw[i] >= type.Count) return Errno.EInval;
                var member = types.Member(type, raw[i]);
                bitOffset = unchecked(bitOffset + member.BitOffset);
                if (member.NameOffset != 0)
                {
                    if (types.Name(member.NameOffset).IsEmpty) return Errno.EInval;
                    accessors[count++] = new(type.Id, raw[i], member.NameOffset);
                }
                id = member.TypeId;
            }
            else if (type.Kind == BtfKind.Array)
            {
                var array = types.Array(type);
                var element = work.SkipModifiers(types, array.ElementTypeId);
                if (!FlexibleArray.Is(types, accessors[count - 1], array) && (uint)raw[i] >= array.Length) return Errno.EInval;
                accessors[count++] = new(element.Id, raw[i], 0);
                size = types.SizeOf(element.Id);
                if (size < 0) return (int)size;
                bitOffset = unchecked(bitOffset + (uint)(raw[i] * size * 8));
                id = element.Id;
            }
            else return Errno.EInval;
        }
        spec = new(types, relo.TypeId, relo.Kind, accessors[..count].ToArray(), raw, bitOffset);
        return 0;
    }
}
