namespace Relo.Archive.Sync;

/// <summary>The kernels of a version of a distribution for an architecture.</summary>
/// <param name="Distro">os-release <c>ID</c>.</param>
/// <param name="Version">os-release <c>VERSION_ID</c>; empty if the source does not say.</param>
/// <param name="Arch">Architecture.</param>
/// <param name="Listed">Kernels that sources list.</param>
/// <param name="Here">Those that the archive has.</param>
/// <param name="Failed">Those that could not be fetched or used.</param>
/// <param name="Lacking">Those that the archive does not have, failed ones first; of this page.</param>
public sealed record SourceCoverage(
    string Distro, string Version, string Arch, int Listed, int Here, int Failed, IReadOnlyList<LackingKernel> Lacking);
