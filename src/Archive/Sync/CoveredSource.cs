namespace Relo.Archive.Sync;

/// <summary>A source.</summary>
/// <param name="Source">Its name in the settings.</param>
/// <param name="ListedAt">When it was last listed.</param>
/// <param name="Listed">Kernels that it lists.</param>
/// <param name="Here">Those that the archive has.</param>
/// <param name="Failed">Those that could not be fetched or used.</param>
public sealed record CoveredSource(string Source, DateTimeOffset ListedAt, int Listed, int Here, int Failed);
