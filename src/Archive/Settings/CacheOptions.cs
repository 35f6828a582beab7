namespace Relo.Archive.Settings;

/// <summary>Section <c>Cache</c> of the configuration: opened kernels.</summary>
public sealed class CacheOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Cache";

    /// <summary>
    /// Maximum bytes of opened kernels to keep; kernels in use stay open beyond it. The bytes are file pages, and only pages that were read
    /// are in memory. Reopening a kernel takes less than a millisecond, so keeping many is not worth the memory.
    /// </summary>
    public long Bytes { get; set; } = 128L << 20;

    /// <summary>
    /// Maximum bytes on disk of files that can be rebuilt or fetched again: the indexes of opened kernels, unpacked BTF, and with
    /// <c>Archive:Blobs</c> the copies of blobs. Beyond it the least recently used ones are deleted, except open ones.
    /// </summary>
    public long DiskBytes { get; set; } = 10L << 30;
}
