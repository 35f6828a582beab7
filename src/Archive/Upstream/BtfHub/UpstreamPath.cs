using Relo.Archive.Export;
using Relo.Archive.Naming;

namespace Relo.Archive.Upstream.BtfHub;

/// <summary>
/// The path of a kernel on the upstream. <see cref="KernelName.Fault"/> checks the characters of its parts, so it cannot leave the root.
/// </summary>
internal sealed record UpstreamPath(string Distro, string Version, string Arch, string Release)
{
    // A version in two spellings and its major version, each with two spellings of the architecture: the maximum per request.
    private const int AtMost = 8;

    /// <summary>Relative URL of the file. '+' and '~' are valid in a path, but not every server accepts them unescaped.</summary>
    public string Address => string.Join('/', new[] { Distro, Version, Arch, Release + BtfTarball.Suffix }.Select(Uri.EscapeDataString));

    /// <summary>The id of the kernel in our archive.</summary>
    public string Id => KernelName.Id(KernelName.Distro(Distro), KernelName.Version(Version), KernelName.Arch(Arch), Release);

    /// <inheritdoc/>
    public override string ToString() => $"{Distro}/{Version}/{Arch}/{Release}{BtfTarball.Suffix}";

    /// <summary>The paths to try, likeliest first; none, with the reason, if too little is known about the kernel.</summary>
    public static IReadOnlyList<UpstreamPath> ToTry(NamedRelease wanted, out string why)
    {
        var (distros, version) = Places(wanted);
        var arch = wanted.Arch ?? KernelName.ArchOfRelease(wanted.Release);
        why = (distros, version, arch) switch
        {
            ([], _, _) => "the distribution is unknown; give distro, or distro/version/arch/release",
            (_, null, _) => $"the version of {distros[0]} is unknown; give version, or distro/version/arch/release",
            (_, _, null) => "the architecture is unknown; give arch, or distro/version/arch/release",
            _ => "",
        };
        if (why.Length > 0) return [];
        UpstreamPath[] paths =
        [
            .. distros
                .SelectMany(d => Versions(d, version!)
                    .SelectMany(v => Arches(arch!).Select(a => new UpstreamPath(d, v, a, wanted.Release))))
                .Take(AtMost)
        ];
        if (Array.Find(paths, p => p.Fault() is not null)?.Fault() is not { } fault) return paths;
        why = fault;
        return [];
    }

    // Order of preference: the caller's value, the kernel's own, the release's, os-release's. A container's os-release may describe
    // another system than the kernel's.
    private static (IReadOnlyList<string> Distros, string? Version) Places(NamedRelease wanted)
    {
        var origin = KernelOrigin.OfRelease(wanted.Release);
        var os = wanted.Os?.Base is { } derived ? new KernelOrigin(derived.Distro, derived.Version)
            : new(wanted.Os?.Distro, wanted.Os?.Version == OsRelease.RollingVersion ? null : wanted.Os?.Version);
        if (origin.Distro is not null
            && (os.Distro is null || Distributions.BuilderOf(os.Distro) != Distributions.BuilderOf(origin.Distro))) os = default;
        var distro = wanted.Distro ?? wanted.Said.Distro ?? os.Distro ?? origin.Distro;
        var version = wanted.VersionAsGiven ?? wanted.Version
            ?? (distro == wanted.Said.Distro ? wanted.Said.Version : null)
            ?? (distro == os.Distro ? os.Version : null)
            ?? (distro == origin.Distro || origin.Distro is null ? origin.Version : null);
        if (distro is not null) return ([distro], version);
        // .el9 gives the version; any rebuild of Red Hat's source may have it.
        return (version is not null && Distributions.IsRedHatSource(wanted.Release) ? Distributions.RebuildsInArchives : [], version);
    }

    private string? Fault() =>
        KernelName.Fault("distro", Distro) ?? KernelName.Fault("version", Version)
        ?? KernelName.Fault("arch", Arch) ?? KernelName.Fault("release", Release);

    // Our ids are lower-case, upstream folders are not: kylin/V10, bclinux/21.10U3. A client that took the id from our list knows only v10.
    private static IEnumerable<string> Versions(string distro, string given)
    {
        var asGiven = given.Trim().Trim('"', '\'').Trim();
        // Only Ubuntu is filed by its full version everywhere: no need to try 20.
        return KernelName.VersionsToTry(distro, KernelName.Version(given)).Take(distro == "ubuntu" ? 1 : AtMost)
            .SelectMany((v, i) => i == 0 ? new[] { asGiven, v, v.ToUpperInvariant() } : [v, v.ToUpperInvariant()])
            .Distinct(StringComparer.Ordinal);
    }

    // BTFHub uses arm64; trees derived from it also use aarch64.
    private static string[] Arches(string arch) => arch == "arm64" ? [arch, "aarch64"] : [arch];
}
