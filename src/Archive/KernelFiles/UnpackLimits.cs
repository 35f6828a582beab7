namespace Relo.Archive.KernelFiles;

/// <summary>Limits for the unpacked size of a file.</summary>
/// <param name="BtfBytes">Largest BTF.</param>
/// <param name="Ratio">Largest ratio of unpacked to packed size.</param>
internal readonly record struct UnpackLimits(long BtfBytes, int Ratio)
{
    // A tar of a tiny BTF is mostly zeros and compresses extremely well.
    private const long AlwaysAllowed = 1 << 20;

    /// <summary>Largest unpacked file, such as the vmlinux of a boot image.</summary>
    public long FileBytes { get; init; } = int.MaxValue;

    /// <summary>Limit for all layers of a file together, such as the compressed contents of a package.</summary>
    public long TotalBytes { get; init; } = 8L << 30;

    /// <summary>The output limit for <paramref name="inputBytes"/> of input, at most <paramref name="most"/>.</summary>
    public long For(long inputBytes, long most) =>
        Math.Min(most, Math.Max(AlwaysAllowed, inputBytes > most / Ratio ? most : inputBytes * Ratio));
}
