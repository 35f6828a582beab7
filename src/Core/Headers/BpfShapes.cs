using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Core.Headers;

/// <summary>Size and alignment of the types of a header where <c>clang -target bpf</c> compiles it.</summary>
internal sealed class BpfShapes(BtfTypes types, HeaderNames names)
{
    private const int PointerBytes = 8, MaxDepth = 256, BitsPerByte = 8;
    private const ulong TooLarge = 1UL << 32; // bytes or elements that no struct has

    private readonly Dictionary<uint, RecordPlan> _plans = [];

    /// <summary>The shape of a type.</summary>
    /// <exception cref="LayoutTooLargeException">Structs are nested more deeply than in any kernel.</exception>
    public BpfShape Of(uint typeId, int depth = 0)
    {
        var type = types[typeId];
        long elements = 1;
        for (var step = 0; ; step++)
        {
            if (type.Kind == BtfKind.Array)
            {
                var array = types.Array(type);
                elements = Times(elements, array.Length);
                type = types[BtfWalk.Next(array.ElementTypeId, step)];
            }
            else if (type.Kind.IsModifierOrTypedef()) type = types[BtfWalk.Next(type.SizeOrType, step)];
            else return Simple(type, depth) is var shape && elements == 1 ? shape : shape with { Bytes = Times(shape.Bytes, elements) };
        }
    }

    // Neither is larger than 2^32, and one of them is a 32-bit number, so the product fits.
    private static long Times(long one, long other) => (long)Math.Min((ulong)one * (ulong)other, TooLarge);

    private BpfShape Simple(BtfType type, int depth) => type.Kind switch
    {
        BtfKind.Ptr => new(PointerBytes, PointerBytes, types.PointerSize == PointerBytes),
        BtfKind.Int or BtfKind.Float => Number(type),
        BtfKind.Enum or BtfKind.Enum64 => new(type.SizeOrType, Math.Clamp(type.SizeOrType, 1, PointerBytes), true),
        BtfKind.Struct or BtfKind.Union => Plan(type, depth) is var plan ? new(type.SizeOrType, plan.AlignBytes, plan.IsExact) : default,
        _ => new(1, 1, true),
    };

    private BpfShape Number(BtfType type)
    {
        var size = CNumber.SizeOf(names.NumberOf(type.Id));
        return size == 0 ? new(type.SizeOrType, 1, true) : new(size, size, size == type.SizeOrType);
    }

    /// <summary>How to write a struct or union.</summary>
    /// <exception cref="LayoutTooLargeException">As above.</exception>
    public RecordPlan Plan(BtfType type, int depth = 0)
    {
        if (_plans.TryGetValue(type.Id, out var known)) return known;
        if (depth > MaxDepth) throw new LayoutTooLargeException($"structs are nested more than {MaxDepth} deep");
        _plans[type.Id] = RecordPlan.Inexact(1); // untrusted BTF may embed a struct in itself
        return _plans[type.Id] = Made(type, depth);
    }

    private RecordPlan Made(BtfType type, int depth)
    {
        var members = new PlannedMember[type.Count];
        var isExact = true;
        for (var i = 0; i < members.Length; i++)
        {
            var member = types.Member(type, i);
            var shape = Of(member.TypeId, depth + 1);
            isExact &= shape.IsExact;
            members[i] = new(member.BitOffset, MemberPlace.WidthOf(types, member), shape);
        }

        var natural = members.Length == 0 ? 1 : members.Max(member => member.Shape.AlignBytes);
        if (!isExact) return RecordPlan.Inexact(natural);
        return Fits(type, members, natural, isPacked: false) ? Aligned(type, members, natural)
            : Fits(type, members, 1, isPacked: true) ? new(true, 1, false, members)
            : RecordPlan.Inexact(natural);
    }

    /// <summary>Whether clang, with unnamed bit-fields before the members, gives all of them their offsets.</summary>
    private static bool Fits(BtfType type, PlannedMember[] members, long align, bool isPacked)
    {
        long at = 0;
        foreach (var member in members)
        {
            var isUnion = type.Kind == BtfKind.Union;
            if (isUnion ? member.BitOffset != 0 : member.BitOffset < at || member.PlaceFrom(member.BitOffset, isPacked) != member.BitOffset)
                return false;
            at = Math.Max(at, member.BitEnd);
        }

        return type.SizeOrType % align == 0 && at <= (long)type.SizeOrType * BitsPerByte;
    }

    // Only a struct can end with unnamed bit-fields; a union that is larger than its members was aligned.
    private static RecordPlan Aligned(BtfType type, PlannedMember[] members, long natural)
    {
        var bytes = members.Length == 0 ? 0 : (members.Max(member => member.BitEnd) + BitsPerByte - 1) / BitsPerByte;
        var align = natural;
        while (type.Kind == BtfKind.Union && align < type.SizeOrType && bytes.Up(align) < type.SizeOrType) align *= 2;
        return type.Kind == BtfKind.Struct || bytes.Up(align) == type.SizeOrType
            ? new(false, align, align != natural, members)
            : RecordPlan.Inexact(natural);
    }
}
