using Relo.Core.Access;
using Relo.Core.Btf;
using Relo.Core.BtfExt;

namespace Relo.Core.Relocation;

/// <summary>The values of the six field kinds (bpf_core_calc_field_relo of libbpf).</summary>
internal static class FieldValue
{
    /// <param name="access">The access in the local or the target BTF; null if there is none.</param>
    /// <param name="kind">The record's kind.</param>
    /// <param name="bigEndian">Byte order of the object, and so of the target machine; libbpf uses that of the host.</param>
    /// <param name="work">The budget for following types.</param>
    public static AccessValue Calculate(AccessEnd? access, CoreReloKind kind, bool bigEndian, WorkBudget work)
    {
        if (kind == CoreReloKind.FieldExists) return AccessValue.Plain(access is null ? 0u : 1u);
        if (access is not { } spec) return AccessValue.Failed(AccessValue.PoisonRequest);
        return spec.Last.IsNamed ? OfMember(spec, kind, bigEndian, work) : OfElement(spec, kind, work);
    }

    private static AccessValue OfElement(AccessEnd spec, CoreReloKind kind, WorkBudget work)
    {
        switch (kind)
        {
            case CoreReloKind.FieldByteOffset:
                var loaded = LoadSize(spec.Types, spec.Last.TypeId, work);
                return loaded < 0 ? AccessValue.Failed(Errno.EInval) : new(spec.BitOffset / 8, (uint)loaded, spec.Last.TypeId, true);
            case CoreReloKind.FieldByteSize:
                var size = spec.Types.SizeOf(spec.Last.TypeId);
                return size < 0 ? AccessValue.Failed(Errno.EInval) : AccessValue.Plain((uint)size);
            default:
                return AccessValue.Failed(Errno.EInval); // Signedness and shifts are meaningless for a[n].
        }
    }

    private static AccessValue OfMember(AccessEnd spec, CoreReloKind kind, bool bigEndian, WorkBudget work)
    {
        var types = spec.Types;
        var member = types.Member(types[spec.Last.TypeId], spec.Last.Index);
        var type = work.SkipModifiers(types, member.TypeId);
        var bitfield = member.BitfieldBits > 0;
        if (!TryPlace(spec, member, type, out var place, out var error)) return AccessValue.Failed(error);
        var (byteOffset, byteSize, bits) = place;
        switch (kind)
        {
            case CoreReloKind.FieldByteOffset:
                if (bitfield) return AccessValue.Plain(byteOffset, validate: false);
                var loaded = LoadSize(types, type.Id, work);
                return loaded < 0 ? AccessValue.Failed(Errno.EInval) : new(byteOffset, (uint)loaded, type.Id, true);
            case CoreReloKind.FieldByteSize:
                return AccessValue.Plain(byteSize, validate: !bitfield);
            case CoreReloKind.FieldSigned:
                var signed = (type.Kind.IsAnyEnum() && type.KindFlag) || (type.Kind == BtfKind.Int && types.Int(type).IsSigned);
                return AccessValue.Plain(signed ? 1u : 0u);
            case CoreReloKind.FieldLshiftU64:
                // The field's top bit goes to bit 63. In big-endian memory bits are counted from the top.
                var shift = unchecked(bigEndian
                    ? ((8 - byteSize) * 8) + (spec.BitOffset - (byteOffset * 8))
                    : 64 - (spec.BitOffset + bits - (byteOffset * 8)));
                return AccessValue.Plain(shift, validate: !bitfield);
            case CoreReloKind.FieldRshiftU64:
                return AccessValue.Plain(unchecked(64 - bits));
            default:
                return AccessValue.Failed(Errno.EOpNotSupp);
        }
    }

    /// <summary>
    /// The place to load the field from: its own bytes, or for a bit-field the smallest aligned power-of-two load that contains all of it,
    /// from the size of its declared type up to 8 bytes.
    /// </summary>
    private static bool TryPlace(
        AccessEnd spec, BtfMember member, BtfType type, out (uint ByteOffset, uint ByteSize, uint Bits) place, out int error)
    {
        place = default;
        error = Errno.EInval;
        var bitOffset = spec.BitOffset;
        if (member.BitfieldBits == 0)
        {
            var size = spec.Types.SizeOf(type.Id);
            if (size < 0) return false;
            place = (bitOffset / 8, (uint)size, unchecked((uint)size * 8));
            return true;
        }
        var byteSize = type.SizeOrType;
        if (byteSize == 0) return false; // libbpf divides by it.
        var bits = member.BitfieldBits;
        var byteOffset = bitOffset / 8 / byteSize * byteSize;
        while (unchecked(bitOffset + bits - (byteOffset * 8)) > unchecked(byteSize * 8))
        {
            if (byteSize >= 8)
            {
                error = Errno.E2Big; // No single load holds it.
                return false;
            }
            byteSize *= 2;
            byteOffset = bitOffset / 8 / byteSize * byteSize;
        }
        place = (byteOffset, byteSize, bits);
        return true;
    }

    /// <summary>
    /// Bytes that a load of the field reads: for arrays, one innermost element (libbpf d7a4ab15, 2025; the whole array before).
    /// </summary>
    private static long LoadSize(BtfTypes types, uint id, WorkBudget work)
    {
        var type = work.SkipModifiers(types, id);
        for (var step = 0; type.Kind == BtfKind.Array; step++)
            type = work.SkipModifiers(types, BtfWalk.Next(types.Array(type).ElementTypeId, step));
        return types.SizeOf(type.Id);
    }
}
