namespace Relo.Archive.Opened;

/// <summary>Section <c>Cache</c> of the configuration: opened kernels.</summary>
public sealed class CacheOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Cache";

    /// <summary>
    /// How many bytes of opened kernels are kept; those in use stay open beyond it. They are pages of files, of which only those that were looked at are in
    /// memory; opening a kernel again takes less than a millisecond, so that keeping many is not worth the memory.
    /// </summary>
    public long Bytes { get; set; } = 128L << 20;
}
