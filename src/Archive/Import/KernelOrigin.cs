using System.Text.RegularExpressions;

namespace Relo.Archive.Import;

/// <summary>Which distribution built a kernel, and for which of its versions: told by the release, the banner and a package's fields together.</summary>
/// <param name="Distro">os-release <c>ID</c>; null where nothing tells it.</param>
/// <param name="Version">os-release <c>VERSION_ID</c>; null where nothing tells it.</param>
internal readonly partial record struct KernelOrigin(string? Distro, string? Version)
{
    // Who signs as builder in the banner (user@host), or as vendor or maintainer of a package; the first that is found counts. Red Hat's
    // name is in everybody's compiler ("Red Hat 11.4.1-3"), so its machines' domain is what tells.
    private static readonly (string Sign, string Distro)[] _builders =
    [
        ("almalinux", "almalinux"), ("rockylinux", "rocky"), ("Rocky Enterprise", "rocky"), ("centos.org", "centos"), ("CentOS", "centos"),
        ("Oracle America", "ol"), ("oracle.com", "ol"), ("fedoraproject.org", "fedora"), ("Fedora Project", "fedora"), ("Amazon", "amzn"), ("amazon.com", "amzn"),
        ("openSUSE", "opensuse-leap"), ("SUSE LLC", "sles"), ("redhat.com", "rhel"), ("Red Hat, Inc.", "rhel"),
    ];

    /// <param name="release"><c>uname -r</c>.</param>
    /// <param name="text">The banner, and what else there is.</param>
    public static KernelOrigin Of(string release, string text)
    {
        if (release.Contains("uek", StringComparison.Ordinal) && Enterprise().Match(release) is { Success: true } uek) return new("ol", uek.Groups[1].Value);
        if (Amazon().Match(release) is { Success: true } amazon) return new("amzn", amazon.Groups[1].Value);
        if (Fedora().Match(release) is { Success: true } fedora) return new("fedora", fedora.Groups[1].Value);
        if (Enterprise().Match(release) is { Success: true } enterprise) return new(BuilderOf(text), enterprise.Groups[1].Value);
        if (text.Contains("-Ubuntu", StringComparison.Ordinal) || text.Contains("ubuntu.com", StringComparison.Ordinal)) return new("ubuntu", Ubuntu(text));
        if (DebianText().IsMatch(text)) return new("debian", Debian(release));
        return new(BuilderOf(text), null);
    }

    private static string? BuilderOf(string text)
    {
        foreach (var (sign, distro) in _builders)
            if (text.Contains(sign, StringComparison.OrdinalIgnoreCase)) return distro;
        return null;
    }

    // A kernel of a later release rebuilt for this one says so ("#102~18.04.1-Ubuntu"); else the compiler's package does ("9.3.0-17ubuntu1~20.04").
    private static string? Ubuntu(string text) =>
        UbuntuRebuild().Match(text) is { Success: true } rebuild ? rebuild.Groups[1].Value
        : UbuntuCompiler().Match(text) is { Success: true } compiler ? compiler.Groups[1].Value
        : null;

    // Backports and all kernels since 2024 name the version (6.12.117+deb12-amd64, 6.1.0-0.deb11.48-amd64); before, each stable release had one series.
    private static string? Debian(string release)
    {
        if (DebianMark().Match(release) is { Success: true } mark) return mark.Groups[1].Value;
        return release switch
        {
            _ when release.StartsWith("4.9.0-", StringComparison.Ordinal) => "9",
            _ when release.StartsWith("4.19.0-", StringComparison.Ordinal) => "10",
            _ when release.StartsWith("5.10.0-", StringComparison.Ordinal) => "11",
            _ when release.StartsWith("6.1.0-", StringComparison.Ordinal) => "12",
            _ => null,
        };
    }

    [GeneratedRegex(@"\.el(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Enterprise();

    [GeneratedRegex(@"\.amzn(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Amazon();

    [GeneratedRegex(@"\.fc(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Fedora();

    [GeneratedRegex(@"[+.]deb(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex DebianMark();

    [GeneratedRegex(@"debian-kernel@lists\.debian\.org| Debian \d", RegexOptions.CultureInvariant)]
    private static partial Regex DebianText();

    [GeneratedRegex(@"~(\d\d\.\d\d)(\.\d+)?-Ubuntu", RegexOptions.CultureInvariant)]
    private static partial Regex UbuntuRebuild();

    [GeneratedRegex(@"ubuntu[\d.]*~(\d\d\.\d\d)", RegexOptions.CultureInvariant)]
    private static partial Regex UbuntuCompiler();
}
