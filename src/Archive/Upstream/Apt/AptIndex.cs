using Relo.Archive.Naming;
using Relo.Archive.Upstream.Packages;

namespace Relo.Archive.Upstream.Apt;

/// <summary>
/// A repository of Debian or Ubuntu: Release, its indexes Packages, and the pool. Every file is checked by the digest in the file that
/// names it; Release by its signature, if a keyring is configured.
/// </summary>
internal sealed class AptIndex(
    RepositorySettings settings, IReadOnlyList<string> suites, IReadOnlyList<string> components, SourceClient client) : IPackageIndex
{
    private readonly Dictionary<string, AptSuite> _suites =
        suites.ToDictionary(suite => suite, suite => new AptSuite(suite, settings, client), StringComparer.Ordinal);

    public async Task<PackageList> ReadAsync(string arch, CancellationToken ct)
    {
        var packages = new List<(RepositoryPackage Package, string? Version)>();
        var faults = new List<SourceException>();
        foreach (var suite in suites)
        {
            try
            {
                var release = await _suites[suite].ReleaseAsync(ct);
                foreach (var component in components)
                    packages.AddRange((await _suites[suite].PackagesAsync(release, component, arch, ct))
                        .Select(package => (package, VersionOf(package.Release, release.Version))));
            }
            catch (SourceException e)
            {
                faults.Add(e);
            }
        }

        return new(packages, faults);
    }

    // Debian's kernels name the version that they were built for, also in backports. A suite of Ubuntu has only its own kernels.
    private string? VersionOf(string release, string? suite) => settings.Distro != "debian" ? suite
        : KernelOrigin.Of(release, "debian-kernel@lists.debian.org") is { Distro: "debian", Version: { } built } ? built
        : suite?.Split('.')[0];
}
