using Relo.Archive.Naming;

namespace Relo.Archive.Upstream;

/// <summary>
/// Whether a kernel of the wanted release may be the wanted one, by its distribution and version: one release can exist for several
/// versions, with different BTF. Follows the rules by which the resolver narrows, so that what is fetched is then found.
/// </summary>
internal static class WantedKernel
{
    private const string Ubuntu = "ubuntu";

    /// <summary>Whether nothing that is known contradicts it.</summary>
    /// <param name="wanted">What is known about the wanted kernel.</param>
    /// <param name="distro">The distribution of the other.</param>
    /// <param name="version">Its version; null if only its file says.</param>
    public static bool Fits(KernelIdentifier wanted, string distro, string? version)
    {
        if (wanted is not NamedRelease named) return true;
        var own = KernelName.Distro(distro);
        if (!IsOfBuilder(named, own)) return false;
        if (version is null || VersionOf(named, own) is not { } needed) return true;
        var spelled = KernelName.Version(version);
        return KernelName.VersionsToTry(own, needed).Contains(spelled) || (spelled == KernelName.LocalVersion && named.Version is null);
    }

    /// <summary>The version of this distribution that the wanted kernel is of; null if unknown.</summary>
    public static string? VersionOf(NamedRelease wanted, string distro)
    {
        if (wanted.Version is { } given)
            return given != KernelName.LocalVersion && (wanted.Distro ?? distro) == distro ? given : null;
        // Of other distributions, the resolver does not compare the version in the banner.
        if (wanted.Said.Distro is { } said) return said == Ubuntu && distro == Ubuntu ? wanted.Said.Version : null;
        // If the release names its builder, os-release may be that of a container.
        if (wanted.Distro is not null || wanted.Os is not { } os
            || KernelOrigin.OfRelease(wanted.Release).Distro is not null || Distributions.IsRedHatSource(wanted.Release))
            return null;
        if (os.Distro == distro) return os.Version == OsRelease.RollingVersion ? null : os.Version;
        return os.Base is { } derived && derived.Distro == distro ? derived.Version : null;
    }

    private static bool IsOfBuilder(NamedRelease wanted, string distro)
    {
        if (wanted.Distro is not null || wanted.Said.Distro is not { } said || Distributions.BuilderOf(distro) is not { } builder)
            return true;
        var wantedBuilder = Distributions.BuilderOf(said);
        return builder == wantedBuilder || Distributions.AreRebuilds(said, distro, wanted.Release)
            || (KernelOrigin.OfRelease(wanted.Release).Distro is { } named && Distributions.BuilderOf(named) == wantedBuilder);
    }
}
