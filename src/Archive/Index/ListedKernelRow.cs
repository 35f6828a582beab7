namespace Relo.Archive.Index;

/// <summary>A kernel that a source lists, and how the last attempt to fetch it ended. Times are UTC ticks.</summary>
internal sealed class ListedKernelRow
{
    /// <summary>Name of the source.</summary>
    public required string Source { get; init; }
    public required string Distro { get; init; }

    /// <summary>Empty if the source does not say.</summary>
    public required string Version { get; init; }
    public required string Arch { get; init; }
    public required string Release { get; init; }

    /// <summary>Path of its file in the source.</summary>
    public required string Path { get; set; }

    /// <summary>When the source last listed it.</summary>
    public required long SeenAt { get; set; }

    /// <summary>When it was last fetched, with any result; null if never.</summary>
    public long? TriedAt { get; set; }

    /// <summary>Why the archive does not have it; null if it does, or if it was never fetched.</summary>
    public string? Fault { get; set; }

    /// <summary>Identifies the refused file, so that it is not fetched again; null if a retry may succeed.</summary>
    public string? RefusedStamp { get; set; }
}
