namespace Relo.Core.Btf;

/// <summary>How wide a pointer is on the machine a BTF is of.</summary>
internal static class PointerSize
{
    // BTF does not say it. libbpf takes the size of the first integer that is some spelling of "long" (determine_ptr_size).
    private static readonly byte[][] _longNames = [.. new[]
    {
        "long", "long int", "int long", "unsigned long", "long unsigned", "unsigned long int", "unsigned int long",
        "long unsigned int", "long int unsigned", "int unsigned long", "int long unsigned",
    }.Select(System.Text.Encoding.ASCII.GetBytes)];

    public static int Of(BtfTypes types) => Of(types, _ => true);

    /// <summary>The width that <paramref name="types"/> would have if only those that count were there.</summary>
    public static int Of(BtfTypes types, Func<uint, bool> counts) => Deciding(types, counts) is { } integer ? (int)integer.SizeOrType : 8;

    /// <summary>The integer that decides, if there is one.</summary>
    public static BtfType? Deciding(BtfTypes types, Func<uint, bool> counts)
    {
        for (var id = 1u; id < (uint)types.Count; id++)
        {
            var type = types[id];
            if (type.Kind != BtfKind.Int || type.SizeOrType is not (4 or 8) || !counts(id)) continue;
            foreach (var name in _longNames)
                if (types.NameEquals(type.NameOffset, name)) return type;
        }
        return null;
    }
}
