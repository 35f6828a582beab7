namespace Relo.Archive.Upstream.Packages;

/// <summary>The metadata of a repository: which packages of kernels it has.</summary>
internal interface IPackageIndex
{
    /// <summary>Reads the packages for one architecture; an index whose checksum is known is not downloaded again.</summary>
    /// <param name="arch">The architecture, as the repository spells it.</param>
    /// <param name="ct">Cancels.</param>
    Task<PackageList> ReadAsync(string arch, CancellationToken ct);
}
