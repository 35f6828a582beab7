namespace Relo.Archive.Upstream.Packages;

/// <summary>The packages with kernels that an index lists for an architecture.</summary>
/// <param name="Packages">The packages in index order, each with the version of the distribution if the repository names it.</param>
/// <param name="Faults">The parts that could not be read.</param>
internal sealed record PackageList(
    IReadOnlyList<(RepositoryPackage Package, string? Version)> Packages, IReadOnlyList<SourceException> Faults);
