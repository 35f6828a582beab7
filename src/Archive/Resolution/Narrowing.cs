using Relo.Archive.Kernels;
using Relo.Archive.Naming;

namespace Relo.Archive.Resolution;

/// <summary>Kernels of one release that are still meant, made fewer step by step; each step is put into words, and the one that leaves none twice.</summary>
internal sealed class Narrowing(IReadOnlyList<Kernel> start, string release, List<string> steps)
{
    public IReadOnlyList<Kernel> Left { get; private set; } = start;

    /// <summary>Why none is left, where some were here: "5.15.0-91-generic is here as ubuntu/22.04/x86_64; alpine/3.19 has none".</summary>
    public string? Emptied { get; private set; }

    /// <summary>Keeps those of one architecture.</summary>
    public void ByArch(string? arch)
    {
        if (arch is null) return;
        Keep([.. Left.Where(k => k.Arch == arch)], $"architecture {arch}", $"{arch} has none");
    }

    /// <summary>Keeps those that the machine or the compiler builds for, which the text names.</summary>
    public void ByBuildText(IReadOnlyList<string> arches)
    {
        if (arches.Count == 0) return;
        var named = string.Join(" or ", arches);
        Keep([.. Left.Where(k => arches.Contains(k.Arch))], $"the text says it was built for {named}", $"the text says that the kernel was built for {named}, which has none");
    }

    /// <summary>
    /// Keeps those of one distribution and version, as the caller says. A version is also tried as archives file it (7.9 as 7); and a distribution
    /// rebuilt from the same source may stand in for another one, since the release is the very same.
    /// </summary>
    public void ByDistro(string? distro, string? version)
    {
        if (distro is null && version is null) return;
        var all = Left;
        if (TryVersions([.. all.Where(k => distro is null || k.Distro == distro)], distro, version, distro ?? "any distribution")) return;
        if (distro is not null && TryRebuilds(all, distro, version)) return;
        Left = all;
        Keep([], null, $"{(distro is null ? "version " + version : version is null ? distro : $"{distro}/{version}")} has none{Advice(all, distro, version)}");
    }

    /// <summary>
    /// Keeps those of the builder that the kernel's own words name. Where the release carries the same sign, all kernels of that release are the
    /// builder's, whatever they are filed under. A distribution of which no builder is known may be anybody's, and comes last.
    /// </summary>
    public void ByBuilder(KernelOrigin said)
    {
        if (said.Distro is not { } distro || Left.Count == 0) return;
        var builder = Distributions.BuilderOf(distro);
        var isInRelease = KernelOrigin.OfRelease(release).Distro is { } named && Distributions.BuilderOf(named) == builder;
        int Rank(Kernel k) =>
            k.Distro == distro ? 0
            : Distributions.BuilderOf(k.Distro) is not { } other ? 3
            : other == builder ? 1
            : Distributions.AreRebuilds(distro, k.Distro, release) ? 2
            : isInRelease ? 4 : int.MaxValue;
        List<Kernel> those = [.. Left.Where(k => Rank(k) < int.MaxValue)];
        if (!Keep(those, $"the text says that {distro} built it", $"the text says that {distro} built the kernel, and {distro} has none")) return;
        ByUbuntuVersion(said.Version);
        if (Left.Count > 0) Left = [.. Left.GroupBy(Rank).MinBy(g => g.Key)!];
    }

    /// <summary>
    /// What os-release says of the user land the text comes from: its own kernel, that of the distribution it is derived from, or, in a container,
    /// another system's. Of that one the kernel's own words or its release must say whose it is.
    /// </summary>
    public void ByOsRelease(OsRelease os, KernelOrigin said)
    {
        if (Left.Count == 0) return;
        var all = Left;
        var version = os.Version == OsRelease.RollingVersion ? null : os.Version;
        if (TryVersions([.. all.Where(k => k.Distro == os.Distro)], os.Distro, version, os.Distro)) return;
        if (os.Base is { } derived)
        {
            if (TryVersions([.. all.Where(k => k.Distro == derived.Distro)], derived.Distro, derived.Version, $"{os.Distro} runs the kernels of {derived.Distro}")) return;
            if (TryRebuilds(all, derived.Distro, derived.Version)) return;
        }
        else if (TryRebuilds(all, os.Distro, version)) return;

        var builder = Distributions.BuilderOf(said.Distro ?? KernelOrigin.OfRelease(release).Distro ?? "");
        var isRedHats = builder is null && Distributions.IsRedHatSource(release);
        Left = all;
        Keep(
            [.. all.Where(k => isRedHats ? Distributions.AreRebuilds("rhel", k.Distro, release) : builder is not null && Distributions.BuilderOf(k.Distro) == builder)],
            $"os-release is that of a container, the kernel is of {(isRedHats ? "Red Hat's family" : builder ?? "nobody knows whom")}",
            $"{os.Distro}{(version is null ? "" : "/" + version)} has none{Advice(all, os.Distro, null)}");
    }

    /// <summary>Of several Ubuntu kernels that are their version's own the newest: a kernel is only ever rebuilt for an older version.</summary>
    public void ByOwnUbuntu(string banner)
    {
        if (!UbuntuSeries.IsOwn(banner) || Left.Any(k => k.Distro != "ubuntu")) return;
        var newest = Left.Select(k => k.Version).Max(StringComparer.Ordinal)!;
        Keep([.. Left.Where(k => k.Version == newest)], $"the text says it is no rebuild: Ubuntu {newest}, the newest", "");
    }

    public static string Counted(int count) => count switch { 0 => "none", 1 => "1 kernel", _ => $"{count} kernels" };

    // The same release exists in two versions with different BTF.
    private void ByUbuntuVersion(string? version)
    {
        if (version is null) return;
        Keep(
            [.. Left.Where(k => Distributions.BuilderOf(k.Distro) != "ubuntu" || k.Version == version || k.Version == KernelName.LocalVersion
                || (k.Distro != "ubuntu" && (Distributions.BaseOf(k.Distro, k.Version)?.Version ?? version) == version))],
            $"the text says the kernel was built for Ubuntu {version}",
            $"the text says that the kernel was built for Ubuntu {version}, and ubuntu/{version} has none");
    }

    private bool TryRebuilds(IReadOnlyList<Kernel> all, string distro, string? version)
    {
        if (Distributions.BaseOf(distro, version ?? "") is { Version: null }) version = null; // it counts its versions otherwise: the release says all
        List<Kernel> rebuilds = [.. all.Where(k => k.Distro != distro && Distributions.AreRebuilds(distro, k.Distro, release))];
        return rebuilds.Count > 0 && TryVersions(rebuilds, distro, version, $"rebuilds of {distro}'s kernels ({string.Join(", ", rebuilds.Select(k => k.Distro).Distinct())})");
    }

    private bool TryVersions(List<Kernel> all, string? distro, string? version, string whose)
    {
        foreach (var spelling in version is null ? [null] : KernelName.VersionsToTry(distro, version).Cast<string?>())
        {
            List<Kernel> those = [.. all.Where(k => spelling is null || k.Version == spelling)];
            steps.Add($"{whose}{(spelling is null ? "" : $", version {spelling}")}: {Counted(those.Count)}");
            if (those.Count == 0) continue;
            Left = those;
            return true;
        }

        return false;
    }

    private bool Keep(List<Kernel> those, string? step, string none)
    {
        if (step is not null) steps.Add($"{step}: {Counted(those.Count)}");
        if (those.Count == 0 && Left.Count > 0) Emptied ??= $"{release} is here as {Ids(Left)}; {none}";
        Left = those;
        return those.Count > 0;
    }

    private static string Advice(IReadOnlyList<Kernel> here, string? distro, string? version) =>
        here.Count == 0 || distro is null || here.Any(k => k.Distro == distro) ? ""
        : here.Select(k => (k.Distro, k.Version)).Distinct().ToList() is [var one]
            ? $"; add distro={one.Distro}{(version is null || version == one.Version ? "" : $" and version={one.Version}")}"
            : $"; add distro={string.Join(" or distro=", here.Select(k => k.Distro).Distinct().Take(3))}";

    private static string Ids(IReadOnlyList<Kernel> kernels) =>
        string.Join(", ", kernels.Take(3).Select(k => $"{k.Distro}/{k.Version}/{k.Arch}")) + (kernels.Count > 3 ? $" and {kernels.Count - 3} more" : "");
}
