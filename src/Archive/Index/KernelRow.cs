using Relo.Core.Bytes;

namespace Relo.Archive.Index;

/// <summary>A kernel on disk. Times are UTC ticks: SQLite has no type that orders them.</summary>
internal sealed class KernelRow
{
    public required string Id { get; init; }
    public required string Distro { get; init; }
    public required string Version { get; init; }
    public required string Arch { get; init; }
    public required string Release { get; init; }

    /// <summary>64 hexadecimal digits.</summary>
    public required string Btf { get; set; }
    public required long BtfSizeBytes { get; set; }
    public required string Source { get; set; }
    public required long AddedAt { get; set; }

    /// <summary>Size and time of the imported file, so that the next import knows it without unpacking.</summary>
    public long? FileSizeBytes { get; set; }

    /// <summary>See <see cref="FileSizeBytes"/>.</summary>
    public long? FileModifiedAt { get; set; }

    public Kernel ToKernel() =>
        new(Id, Distro, Version, Arch, Release, Digest.Parse(Btf), BtfSizeBytes, Source, new DateTimeOffset(AddedAt, TimeSpan.Zero), []);
}

/// <summary>What a file looked like when it was imported.</summary>
internal readonly record struct FileStamp(long SizeBytes, long ModifiedAt);
