using System.Globalization;

namespace Relo.Core.Reachability;

/// <summary>
/// Possible values of <c>LINUX_KERNEL_VERSION</c> on a kernel: inclusive bounds of
/// <c>KERNEL_VERSION(a, b, c)</c> = <c>a &lt;&lt; 16 | b &lt;&lt; 8 | min(c, 255)</c> (linux/version.h). The bounds are equal if the
/// version is known exactly.
/// </summary>
/// <param name="Min">The lowest code.</param>
/// <param name="Max">The highest code.</param>
public readonly record struct KernelVersion(uint Min, uint Max)
{
    private const uint MaxSublevel = 255;

    /// <summary>The version <c>a.b.c</c>.</summary>
    public static KernelVersion Exact(uint a, uint b, uint c) => new(Code(a, b, c), Code(a, b, c));

    /// <summary>Any version of the line <c>a.b</c>.</summary>
    public static KernelVersion Line(uint a, uint b) => new(Code(a, b, 0), Code(a, b, MaxSublevel));

    /// <summary>Whether the version is known exactly.</summary>
    public bool IsExact => Min == Max;

    /// <summary><c>KERNEL_VERSION(a, b, c)</c>; sublevels above 255 count as 255, as in stable kernels since 4.4.255.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="a"/> or <paramref name="b"/> does not fit.</exception>
    public static uint Code(uint a, uint b, uint c)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(a, (uint)ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(b, (uint)byte.MaxValue);
        return (a << 16) | (b << 8) | Math.Min(c, MaxSublevel);
    }

    /// <summary><c>6.1.158</c>, <c>6.1.x</c> for all of a line, <c>6.1.20–6.2.3</c> for other ranges.</summary>
    public override string ToString() =>
        IsExact ? Text(Min)
        : Min >> 8 == Max >> 8 && (byte)Min == 0 && (byte)Max == MaxSublevel
            ? string.Create(CultureInfo.InvariantCulture, $"{Min >> 16}.{(byte)(Min >> 8)}.x")
            : $"{Text(Min)}–{Text(Max)}";

    private static string Text(uint code) => string.Create(CultureInfo.InvariantCulture, $"{code >> 16}.{(byte)(code >> 8)}.{(byte)code}");
}
