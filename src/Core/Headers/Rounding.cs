namespace Relo.Core.Headers;

/// <summary>Rounds up.</summary>
internal static class Rounding
{
    /// <summary>The next multiple of <paramref name="unit"/>.</summary>
    public static long Up(this long value, long unit) => (value + unit - 1) / unit * unit;
}
