using System.Globalization;

namespace Relo.Api.Settings;

/// <summary>A number of bytes as people write it: <c>33554432</c>, <c>32MiB</c>, <c>32 MB</c>.</summary>
internal static class ByteSize
{
    /// <summary>The accepted forms, for messages.</summary>
    public const string Forms = "a number of bytes, or one with KiB, MiB, GiB, TiB (powers of 1024) or kB, MB, GB, TB (powers of 1000)";

    private static readonly (string Unit, decimal Bytes)[] Units =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("kB", 1e3m), ("MB", 1e6m), ("GB", 1e9m),
        ("TB", 1e12m), ("B", 1),
    ];

    /// <summary>Parses a size with a unit.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var trimmed = text.Trim();
        var (unit, scale) = Array.Find(Units, u => trimmed.EndsWith(u.Unit, StringComparison.OrdinalIgnoreCase));
        if (unit is null) return false;
        var number = trimmed[..^unit.Length].TrimEnd();
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)) return false;
        if (count > long.MaxValue / scale || decimal.Truncate(count * scale) != count * scale) return false;
        bytes = (long)(count * scale);
        return true;
    }
}
