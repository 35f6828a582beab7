using Relo.Archive.Settings;

namespace Relo.Archive.KernelFiles;

/// <summary>Limits and resources for reading a kernel file.</summary>
/// <param name="Limits">Size limits.</param>
/// <param name="Scratch">Folder for data too large for memory.</param>
/// <param name="Time">Time limit.</param>
/// <param name="Pahole">Settings for generating BTF from DWARF; null if that is disabled.</param>
internal sealed record ReadSettings(UnpackLimits Limits, string Scratch, TimeSpan Time, PaholeSettings? Pahole)
{
    /// <summary>Whether the modules of a package are wanted; without them, reading ends at its kernel.</summary>
    public bool KeepsModules { get; init; } = true;

    public static ReadSettings Of(ArchiveOptions options, string scratch) => new(
        new(options.BtfBytes, options.UnpackRatio) { FileBytes = options.UnpackedFileBytes, TotalBytes = options.UnpackedBytes },
        scratch,
        options.UnpackTimeout,
        options.Pahole.Length == 0 ? null : new(options.Pahole, options.PaholeTimeout, options.PaholeBytes));
}
