namespace Relo.Conformance.Generated;

/// <summary>Sizes and offsets, as a C compiler for a 64-bit machine would lay the types out.</summary>
public static class TypeLayout
{
    public static int SizeOf(T? type) => type switch
    {
        null => 0,
        IntT t => t.Size,
        FloatT t => t.Size,
        PtrT => 8,
        ArrayT t => t.Count * SizeOf(t.Element),
        ModifierT t => SizeOf(t.Of),
        TypedefT t => SizeOf(t.Of),
        EnumT t => t.Size,
        CompositeT t => t.Size,
        _ => 0,
    };

    public static T? Strip(T? type) => type switch
    {
        ModifierT t => Strip(t.Of),
        TypedefT t => Strip(t.Of),
        _ => type,
    };

    /// <summary>
    /// Places the members; those of inner types must be placed already. <paramref name="packed"/>: no alignment between plain members.
    /// </summary>
    public static void Place(CompositeT type, bool packed)
    {
        var bit = 0;
        var size = 0;
        foreach (var member in type.Members)
        {
            var bytes = SizeOf(member.Type);
            var unit = Math.Max(bytes, 1) * 8;
            if (type.IsUnion) bit = 0;
            if (member.Bits == 0) bit = packed ? Up(bit, 8) : Up(bit, Math.Min(unit & -unit, 64));
            else if (!packed && bit / unit != (bit + member.Bits - 1) / unit) bit = Up(bit, unit);
            member.BitOffset = bit;
            bit += member.Bits == 0 ? bytes * 8 : member.Bits;
            size = Math.Max(size, bit);
        }
        type.Size = packed ? Up(size, 8) / 8 : Up(size, size > 32 ? 64 : 32) / 8;
    }

    private static int Up(int value, int to) => (value + to - 1) / to * to;
}
