namespace Relo.Archive.Import;

/// <summary>What the reading of a kernel file may cost, and what it may use.</summary>
/// <param name="Limits">How much it may become.</param>
/// <param name="Scratch">Folder for what is too large for memory.</param>
/// <param name="Time">How long it may take.</param>
/// <param name="Pahole">What makes BTF of debug information; null = nothing.</param>
internal sealed record ReadSettings(UnpackLimits Limits, string Scratch, TimeSpan Time, PaholeSettings? Pahole)
{
    public static ReadSettings Of(ArchiveOptions options, string scratch) => new(
        new(options.BtfBytes, options.UnpackRatio) { FileBytes = options.UnpackedFileBytes, TotalBytes = options.UnpackedBytes },
        scratch,
        options.UnpackTimeout,
        options.Pahole.Length == 0 ? null : new(options.Pahole, options.PaholeTimeout, options.PaholeBytes));
}

/// <summary>How pahole is run.</summary>
/// <param name="Program">Name or path of the program.</param>
/// <param name="Time">How long it may take.</param>
/// <param name="MemoryBytes">How much address space it may have.</param>
internal sealed record PaholeSettings(string Program, TimeSpan Time, long MemoryBytes);

/// <summary>How much a file may become.</summary>
/// <param name="BtfBytes">Largest BTF.</param>
/// <param name="Ratio">Largest output of an unpacking in relation to its input.</param>
internal readonly record struct UnpackLimits(long BtfBytes, int Ratio)
{
    // A tar of a tiny BTF is mostly zeros and packs to next to nothing.
    private const long AlwaysAllowed = 1 << 20;

    /// <summary>Largest file that is kept of what is unpacked, such as the vmlinux of a boot image.</summary>
    public long FileBytes { get; init; } = int.MaxValue;

    /// <summary>Most that all layers of a file unpack to together, such as the packed contents of a package.</summary>
    public long TotalBytes { get; init; } = 8L << 30;

    /// <summary>The limit for the output of <paramref name="inputBytes"/> bytes, where <paramref name="most"/> is the limit for any.</summary>
    public long For(long inputBytes, long most) => Math.Min(most, Math.Max(AlwaysAllowed, inputBytes > most / Ratio ? most : inputBytes * Ratio));
}
