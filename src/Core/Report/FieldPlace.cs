using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;

namespace Relo.Core.Report;

/// <summary>The place, size and value of a field, type or enumerator in one BTF, as reports show it.</summary>
/// <param name="OffsetBytes">Byte offset of the field from the root; null for types and enumerators.</param>
/// <param name="BitOffset">Bit within that byte, for bit-fields.</param>
/// <param name="SizeBytes">Size of the field or type; for bit-fields that of the declared type.</param>
/// <param name="BitfieldBits">Width of a bit-field; 0 otherwise.</param>
/// <param name="IsSigned">Whether it is a signed integer or enum.</param>
/// <param name="Value">Value of the enumerator.</param>
internal readonly record struct FieldPlace(
    long? OffsetBytes, int? BitOffset, long? SizeBytes, uint BitfieldBits, bool IsSigned, ulong Value)
{
    public static FieldPlace Of(AccessSpec spec)
    {
        var types = spec.Types;
        if (spec.Kind.IsTypeBased()) return new(null, null, Size(types, spec.RootTypeId), 0, false, 0);
        var last = spec.Accessors[^1];
        if (spec.Kind.IsEnumBased())
            return new(null, null, Size(types, last.TypeId), 0, false, types.Enumerator(types[last.TypeId], last.Index).Value);

        var member = last.IsNamed ? types.Member(types[last.TypeId], last.Index) : new BtfMember(0, last.TypeId, 0, 0);
        var type = types.SkipModifiers(member.TypeId);
        var signed = (type.Kind.IsAnyEnum() && type.KindFlag) || (type.Kind == BtfKind.Int && types.Int(type).IsSigned);
        return new(
            spec.BitOffset / 8, member.BitfieldBits > 0 ? (int)(spec.BitOffset % 8) : null, Size(types, type.Id),
            member.BitfieldBits, signed, 0);
    }

    /// <summary>Whether the accessed field is a number, an enum or a pointer.</summary>
    public static bool IsScalar(AccessSpec spec)
    {
        var last = spec.Accessors[^1];
        var id = last.IsNamed ? spec.Types.Member(spec.Types[last.TypeId], last.Index).TypeId : last.TypeId;
        return spec.Types.SkipModifiers(id).Kind is BtfKind.Int or BtfKind.Float or BtfKind.Ptr or BtfKind.Enum or BtfKind.Enum64;
    }

    private static long? Size(BtfTypes types, uint id) => types.SizeOf(id) is var size and >= 0 ? size : null;
}
