using System.Text.RegularExpressions;
using Relo.Archive.Naming;

namespace Relo.Archive.Upstream.Crawler;

/// <summary>The targets of driverkit, which kernel-crawler writes for: a distribution, for some with its version.</summary>
internal static partial class CrawlerTargets
{
    /// <summary>The distribution and, if the list determines it, the version of a kernel.</summary>
    /// <param name="target"><c>amazonlinux2</c>, <c>ubuntu</c>, …</param>
    /// <param name="release"><c>uname -r</c>.</param>
    /// <param name="kernelVersion">The number in <c>uname -v</c>: <c>102~18.04.1</c>, where the distribution has one.</param>
    public static (string Distro, string? Version) Read(string target, string release, string kernelVersion)
    {
        var plain = target.Trim().ToLowerInvariant();
        if (Amazon().Match(plain) is { Success: true } amazon)
            return ("amzn", amazon.Groups[1].Value is { Length: > 0 } number ? number : "1");
        var distro = KernelName.Distro(plain.Split('-', '_')[0]);
        return distro switch
        {
            "ubuntu" => (distro, KernelOrigin.OfText(release, $"#{kernelVersion}-Ubuntu").Version),
            "debian" => (distro, KernelOrigin.Of(release, "debian-kernel@lists.debian.org").Version),
            "archlinux" => ("arch", null),
            "opensuse" => (KernelOrigin.OfRelease(release).Distro ?? distro, KernelOrigin.OfRelease(release).Version),
            _ => (distro, KernelOrigin.OfRelease(release).Version),
        };
    }

    [GeneratedRegex(@"^amazonlinux(\d*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Amazon();
}
