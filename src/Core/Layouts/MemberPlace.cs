using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>
/// Where a member is and how large. The offset of a bit-field is that of the unit C reads it with, which is aligned to its size.
/// </summary>
internal readonly record struct MemberPlace(long OffsetBytes, long SizeBytes, int? BitOffset, int? BitSize)
{
    private const int BitsPerByte = 8;
    private const uint BoolEncoding = 4; // BTF_INT_BOOL: a bool has one bit of its byte

    /// <summary>Bits that it takes.</summary>
    public long Bits => BitSize ?? SizeBytes * BitsPerByte;

    /// <param name="types">The BTF.</param>
    /// <param name="member">The member.</param>
    /// <param name="at">Its offset in bits from the start of the outermost type.</param>
    public static MemberPlace Of(BtfTypes types, BtfMember member, long at)
    {
        var size = Math.Max(0, types.SizeOf(member.TypeId));
        if (WidthOf(types, member) is not (> 0 and var width)) return new(at / BitsPerByte, size, null, null);
        var unit = Math.Max(1, size);
        var offset = at / BitsPerByte / unit * unit;
        return new(offset, size, (int)(at - (offset * BitsPerByte)), width);
    }

    /// <summary>
    /// The width of a bit-field, 0 for other members. Compilers before the kind flag wrote bit-fields as integers that are narrower than
    /// their bytes.
    /// </summary>
    public static int WidthOf(BtfTypes types, BtfMember member)
    {
        if (member.BitfieldBits > 0) return (int)member.BitfieldBits;
        var type = types.SkipModifiers(member.TypeId);
        if (type.Kind != BtfKind.Int || (types.Int(type).Encoding & BoolEncoding) != 0) return 0;
        var bits = types.Int(type).Raw & 0xff;
        return bits < type.SizeOrType * BitsPerByte ? (int)bits : 0;
    }
}
