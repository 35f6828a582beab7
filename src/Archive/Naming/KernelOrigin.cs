using System.Text.RegularExpressions;

namespace Relo.Archive.Naming;

/// <summary>Which distribution built a kernel, and for which of its versions.</summary>
/// <param name="Distro">os-release <c>ID</c>; null if unknown.</param>
/// <param name="Version">os-release <c>VERSION_ID</c>; null if unknown.</param>
internal readonly partial record struct KernelOrigin(string? Distro, string? Version)
{
    /// <summary>
    /// The origin according to the release and the text. A mark in the release wins, because a rebuild may keep the text of its source.
    /// </summary>
    /// <param name="release"><c>uname -r</c>.</param>
    /// <param name="text">The banner, or a package's fields.</param>
    public static KernelOrigin Of(string release, string text)
    {
        var (named, said) = (OfRelease(release), OfText(release, text));
        if (named.Distro is not null && (said.Distro is null || said.Distro != named.Distro)) return named;
        return new(said.Distro, named.Version ?? said.Version);
    }

    /// <summary>
    /// The origin according to the release alone. <c>.el8</c> gives the version but not the distribution, because many use it.
    /// </summary>
    public static KernelOrigin OfRelease(string release)
    {
        foreach (var sign in Builders.InRelease)
            if (sign.Read(release) is { } origin) return origin;
        return new(null, Enterprise().Match(release) is { Success: true } enterprise ? enterprise.Groups[1].Value : null);
    }

    /// <summary>The origin according to the text, ignoring the release in it.</summary>
    public static KernelOrigin OfText(string release, string text)
    {
        foreach (var sign in Builders.InText)
        {
            if (sign.Read(text) is not { Distro: { } distro } origin) continue;
            return distro switch
            {
                "ubuntu" => new(distro, UbuntuSeries.Of(release, text)),
                "debian" => new(distro, Debian(release)),
                // openSUSE's rolling kernels are newer than the enterprise ones and lack their number (-150400.).
                "sles" or "opensuse-leap" when Rolling().IsMatch(release) => new("opensuse-tumbleweed", null),
                _ => origin,
            };
        }

        return default;
    }

    // Backports and all kernels since 2024 name the version (6.12.117+deb12-amd64, 6.1.0-0.deb11.48-amd64); before that, each stable
    // release had one kernel series, and backports of later series (5.10.0-0.bpo.15-amd64).
    private static string? Debian(string release) => OfRelease(release).Version ?? release switch
    {
        _ when release.Contains("-0.bpo.", StringComparison.Ordinal) =>
            release.StartsWith("5.", StringComparison.Ordinal) ? "10"
            : LaterThan49().IsMatch(release) ? "9"
            : release.StartsWith("4.", StringComparison.Ordinal) ? "8" : null,
        _ when release.StartsWith("4.9.0-", StringComparison.Ordinal) => "9",
        _ when release.StartsWith("4.19.0-", StringComparison.Ordinal) => "10",
        _ when release.StartsWith("5.10.0-", StringComparison.Ordinal) => "11",
        _ when release.StartsWith("6.1.0-", StringComparison.Ordinal) => "12",
        _ => null,
    };

    [GeneratedRegex(@"^4\.1\d\.", RegexOptions.CultureInvariant)]
    private static partial Regex LaterThan49();

    [GeneratedRegex(@"\.el(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Enterprise();

    [GeneratedRegex(@"^([6-9]|\d\d)\.\d+\.\d+-\d+(\.g[0-9a-f]+)?-[a-z]", RegexOptions.CultureInvariant)]
    private static partial Regex Rolling();
}
