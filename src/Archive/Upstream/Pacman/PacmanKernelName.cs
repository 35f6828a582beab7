using System.Text.RegularExpressions;

namespace Relo.Archive.Upstream.Pacman;

/// <summary>
/// The release of the kernel in a package of Arch Linux, Manjaro or CachyOS:
/// <code>
/// linux 6.12.1.arch1-1            6.12.1-arch1-1
/// linux 6.12.arch1-1              6.12.0-arch1-1
/// linux-zen 6.12.1.zen1-1         6.12.1-zen1-1-zen
/// linux-lts 6.6.63-1              6.6.63-1-lts
/// linux612 6.12.1-3               6.12.1-3-MANJARO
/// </code>
/// </summary>
internal static partial class PacmanKernelName
{
    /// <summary>All names of packages with kernels begin with it.</summary>
    public const string Prefix = "linux";

    private const string Manjaro = "-MANJARO";

    /// <summary><c>uname -r</c> of the kernel; null if the package has none.</summary>
    /// <param name="name">The name of the package.</param>
    /// <param name="version">Its version, with the number of the build.</param>
    public static string? ReleaseOf(string name, string version)
    {
        if (Name().Match(name) is not { Success: true } of || Version().Match(version) is not { Success: true } match) return null;
        var numbers = match.Groups["numbers"].Value;
        if (!match.Groups["third"].Success) numbers += ".0";
        var tag = match.Groups["tag"].Value.Replace('.', '-');
        var end = of.Groups["series"].Success ? Manjaro : of.Groups["flavour"].Value;
        return $"{numbers}{tag}-{match.Groups["build"].Value}{end}";
    }

    [GeneratedRegex(
        @"^linux((?<series>\d{2,4})|(?<flavour>-(lts|zen|hardened|cachyos|cachyos-lts)))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"^(\d+:)?(?<numbers>\d+\.\d+(?<third>\.\d+)?)(?<tag>(\.[a-z]+\d+)*)-(?<build>\d+(\.\d+)?)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Version();
}
