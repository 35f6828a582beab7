using System.Globalization;
using Relo.Core.Btf;

namespace Relo.Core.Headers;

/// <summary>Writes the values of an enum, and the attribute that gives it the kernel's size.</summary>
internal static class EnumText
{
    private const int BitsPerByte = 8;
    private const long IntBytes = 4;

    /// <summary>A value as C. The kind flag says that the enum is signed.</summary>
    public static string Value(BtfType type, ulong value) => (type.Kind, type.KindFlag) switch
    {
        (BtfKind.Enum, true) => ((int)value).ToString(CultureInfo.InvariantCulture),
        (BtfKind.Enum, false) => ((uint)value).ToString(CultureInfo.InvariantCulture),
        (_, true) when value == 1UL << 63 => "(-9223372036854775807LL - 1)",
        (_, true) => FormattableString.Invariant($"{(long)value}LL"),
        _ => FormattableString.Invariant($"{value}ULL"),
    };

    /// <summary>
    /// The attribute that the enum needs for its size; empty if clang chooses that size anyway: an int's, or a long's for larger values.
    /// </summary>
    public static string AttributeOf(BtfTypes types, BtfType type)
    {
        var needed = Enumerable.Range(0, type.Count).Max(i => Bytes(type, types.Enumerator(type, i).Value));
        if (type.SizeOrType == Math.Max(needed, IntBytes)) return "";
        if (type.SizeOrType == needed) return " __attribute__((packed))";
        return type.SizeOrType switch
        {
            2 => " __attribute__((mode(HI)))",
            8 => " __attribute__((mode(DI)))",
            _ => "",
        };
    }

    private static long Bytes(BtfType type, ulong value)
    {
        var number = type.Kind == BtfKind.Enum && !type.KindFlag ? (uint)value : value;
        if (type.KindFlag) number = (ulong)((long)number < 0 ? ~(long)number : (long)number) << 1; // including the sign bit
        for (var bytes = 1; bytes < sizeof(ulong); bytes *= 2)
            if (number >> (bytes * BitsPerByte) == 0) return bytes;
        return sizeof(ulong);
    }
}
