using Relo.Archive.Kernels;
using Relo.Archive.Naming;

namespace Relo.Archive.Resolution;

/// <summary>
/// Narrows the kernels of one release step by step. Each step adds a line to the explanation; the step that leaves none sets
/// <see cref="Emptied"/>.
/// </summary>
internal sealed class Narrowing(IReadOnlyList<Kernel> start, string release, List<string> steps)
{
    public IReadOnlyList<Kernel> Left { get; private set; } = start;

    /// <summary>
    /// The reason why none is left although the archive has the release: "the archive has 5.15.0-91-generic as ubuntu/22.04/x86_64;
    /// alpine/3.19 has none".
    /// </summary>
    public string? Emptied { get; private set; }

    /// <summary>Whether those left belong to another distribution, rebuilt from the same source as the named one.</summary>
    public bool IsRebuild { get; private set; }

    /// <summary>Keeps kernels of one architecture.</summary>
    public void ByArch(string? arch)
    {
        if (arch is null) return;
        Keep([.. Left.Where(k => k.Arch == arch)], $"architecture {arch}", $"{arch} has none");
    }

    /// <summary>Keeps kernels of the architectures that the build host or compiler builds for.</summary>
    public void ByBuildText(IReadOnlyList<string> arches)
    {
        if (arches.Count == 0) return;
        var named = string.Join(" or ", arches);
        Keep(
            [.. Left.Where(k => arches.Contains(k.Arch))],
            $"the text says it was built for {named}",
            $"the text says that the kernel was built for {named}, which has none");
    }

    /// <summary>
    /// Keeps kernels of the distribution and version that the caller gave. Also tries the version as archives file it (7.9 as 7), and
    /// distributions rebuilt from the same source, because the release is the same.
    /// </summary>
    public void ByDistro(string? distro, string? version)
    {
        if (distro is null && version is null) return;
        var all = Left;
        if (TryVersions([.. all.Where(k => distro is null || k.Distro == distro)], distro, version, distro ?? "any distribution")) return;
        if (distro is not null && TryRebuilds(all, distro, version)) return;
        Left = all;
        var wanted = distro is null ? "version " + version : version is null ? distro : $"{distro}/{version}";
        Keep([], null, $"{wanted} has none{Advice(all, distro, version)}");
    }

    /// <summary>
    /// Keeps kernels of the builder that the banner names, or of distributions without a known builder. If the release names the same
    /// builder, all kernels of that release are the builder's, whichever distribution they are filed under. If several are left, the
    /// distribution itself wins, then others of the same builder, rebuilds, unknown builders, and other builders.
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
        var none = $"the text says that {distro} built the kernel, and {distro} has none";
        if (!Keep(those, $"the text says that {distro} built it", none)) return;
        ByUbuntuVersion(said.Version);
        if (Left.Count > 0) Left = [.. Left.GroupBy(Rank).MinBy(g => g.Key)!];
    }

    /// <summary>
    /// Narrows by the os-release of the user space that the text comes from. The kernel is that distribution's, its base's, or, in a
    /// container, another system's; then the banner or the release must name the builder.
    /// </summary>
    public void ByOsRelease(OsRelease os, KernelOrigin said)
    {
        if (Left.Count == 0) return;
        var all = Left;
        var version = os.Version == OsRelease.RollingVersion ? null : os.Version;
        if (TryVersions([.. all.Where(k => k.Distro == os.Distro)], os.Distro, version, os.Distro)) return;
        if (os.Base is { } derived)
        {
            List<Kernel> ofBase = [.. all.Where(k => k.Distro == derived.Distro)];
            if (TryVersions(ofBase, derived.Distro, derived.Version, $"{os.Distro} runs the kernels of {derived.Distro}")) return;
            if (TryRebuilds(all, derived.Distro, derived.Version)) return;
        }
        else if (TryRebuilds(all, os.Distro, version)) return;

        var builder = Distributions.BuilderOf(said.Distro ?? KernelOrigin.OfRelease(release).Distro ?? "");
        var isRedHats = builder is null && Distributions.IsRedHatSource(release);
        Left = all;
        Keep(
            [.. all.Where(k => isRedHats
                ? Distributions.AreRebuilds("rhel", k.Distro, release)
                : builder is not null && Distributions.BuilderOf(k.Distro) == builder)],
            $"os-release is that of a container, the kernel was built by "
                + $"{(isRedHats ? "Red Hat's family" : builder ?? "an unknown builder")}",
            $"{os.Distro}{(version is null ? "" : "/" + version)} has none{Advice(all, os.Distro, null)}");
    }

    /// <summary>
    /// Keeps the newest Ubuntu version if the banner says that the kernel is not a rebuild: Ubuntu only rebuilds kernels for older
    /// versions.
    /// </summary>
    public void ByOwnUbuntu(string banner)
    {
        if (!UbuntuSeries.IsOwn(banner) || Left.Any(k => k.Distro != "ubuntu")) return;
        var newest = Left.Select(k => k.Version).Max(StringComparer.Ordinal)!;
        Keep([.. Left.Where(k => k.Version == newest)], $"the text says it is not a rebuild: Ubuntu {newest}, the newest", "");
    }

    public static string Counted(int count) => count switch { 0 => "none", 1 => "1 kernel", _ => $"{count} kernels" };

    // Two Ubuntu versions can have the same release with different BTF.
    private void ByUbuntuVersion(string? version)
    {
        if (version is null) return;
        Keep(
            [.. Left.Where(k => Distributions.BuilderOf(k.Distro) != "ubuntu"
                || k.Version == version || k.Version == KernelName.LocalVersion
                || (k.Distro != "ubuntu" && (Distributions.BaseOf(k.Distro, k.Version)?.Version ?? version) == version))],
            $"the text says the kernel was built for Ubuntu {version}",
            $"the text says that the kernel was built for Ubuntu {version}, and ubuntu/{version} has none");
    }

    private bool TryRebuilds(IReadOnlyList<Kernel> all, string distro, string? version)
    {
        if (Distributions.BaseOf(distro, version ?? "") is { Version: null }) version = null; // its version numbers differ from its base's
        List<Kernel> rebuilds = [.. all.Where(k => k.Distro != distro && Distributions.AreRebuilds(distro, k.Distro, release))];
        var names = string.Join(", ", rebuilds.Select(k => k.Distro).Distinct());
        if (rebuilds.Count == 0 || !TryVersions(rebuilds, distro, version, $"rebuilds of {distro}'s kernels ({names})")) return false;
        return IsRebuild = true;
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
        if (those.Count == 0 && Left.Count > 0) Emptied ??= $"the archive has {release} as {Ids(Left)}; {none}";
        Left = those;
        return those.Count > 0;
    }

    private static string Advice(IReadOnlyList<Kernel> here, string? distro, string? version) =>
        here.Count == 0 || distro is null || here.Any(k => k.Distro == distro) ? ""
        : here.Select(k => (k.Distro, k.Version)).Distinct().ToList() is [var one]
            ? $"; add distro={one.Distro}{(version is null || version == one.Version ? "" : $" and version={one.Version}")}"
            : $"; add distro={string.Join(" or distro=", here.Select(k => k.Distro).Distinct().Take(3))}";

    private static string Ids(IReadOnlyList<Kernel> kernels) =>
        string.Join(", ", kernels.Take(3).Select(k => $"{k.Distro}/{k.Version}/{k.Arch}"))
        + (kernels.Count > 3 ? $" and {kernels.Count - 3} more" : "");
}
