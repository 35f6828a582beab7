namespace Relo.Archive.Sync;

/// <summary>The result of a sync of one source.</summary>
/// <param name="Source">Its name.</param>
/// <param name="Listed">Kernels that it lists and the request asks for.</param>
public sealed record SyncSummary(string Source, int Listed)
{
    /// <summary>Parts of the source that could not be listed, with the reason.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];

    /// <summary>Kernels that were here already.</summary>
    public int Present { get; init; }

    /// <summary>Kernels whose unchanged file was refused before.</summary>
    public int RefusedBefore { get; init; }

    /// <summary>Kernels older than the request asks for.</summary>
    public int Older { get; init; }

    /// <summary>Kernels that are here now; in a dry run, that would be fetched.</summary>
    public int Fetched { get; init; }

    /// <summary>Kernels whose file cannot be used.</summary>
    public int Refused { get; init; }

    /// <summary>Kernels that could not be downloaded.</summary>
    public int Failed { get; init; }

    /// <summary>Bytes of the files that were downloaded or would be.</summary>
    public long Bytes { get; init; }
}
