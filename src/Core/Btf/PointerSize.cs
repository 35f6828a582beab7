namespace Relo.Core.Btf;

/// <summary>The pointer width of the machine that BTF describes.</summary>
internal static class PointerSize
{
    // BTF does not state it. libbpf takes the size of the first integer with a spelling of "long" (determine_ptr_size).
    private static readonly byte[][] _longNames = [.. new[]
    {
        "long", "long int", "int long", "unsigned long", "long unsigned", "unsigned long int", "unsigned int long",
        "long unsigned int", "long int unsigned", "int unsigned long", "int long unsigned",
    }.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>The width that libbpf assumes.</summary>
    public static int Of(BtfTypes types) => Width(Deciding(types));

    /// <summary>The width that libbpf would assume for these types alone.</summary>
    public static int Of(BtfTypes types, IEnumerable<uint> ids) =>
        Width(ids.Where(id => Decides(types, types[id])).Select(id => (BtfType?)types[id]).FirstOrDefault());

    /// <summary>The integer that determines the width, if there is one.</summary>
    public static BtfType? Deciding(BtfTypes types)
    {
        for (var id = 1u; id < (uint)types.Count; id++)
            if (types[id] is var type && Decides(types, type)) return type;
        return null;
    }

    private static int Width(BtfType? deciding) => deciding is { } integer ? (int)integer.SizeOrType : 8;

    private static bool Decides(BtfTypes types, BtfType type)
    {
        if (type.Kind != BtfKind.Int || type.SizeOrType is not (4 or 8)) return false;
        foreach (var name in _longNames)
            if (types.NameEquals(type.NameOffset, name)) return true;
        return false;
    }
}
