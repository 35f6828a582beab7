namespace Relo.Archive.Sync;

/// <summary>What the sources list, and how much of it the archive has.</summary>
/// <param name="Sources">Each source that was listed, by name.</param>
/// <param name="Items">A row for each distribution, version and architecture. A kernel that several sources list counts once.</param>
/// <param name="Next">Cursor of the next page of lacking kernels; null on the last page.</param>
public sealed record Coverage(IReadOnlyList<CoveredSource> Sources, IReadOnlyList<SourceCoverage> Items, string? Next);
