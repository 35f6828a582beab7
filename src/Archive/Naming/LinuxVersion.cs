using System.Globalization;
using System.Text.RegularExpressions;
using Relo.Core.Reachability;

namespace Relo.Archive.Naming;

/// <summary>
/// The value of libbpf's <c>LINUX_KERNEL_VERSION</c> on a kernel. libbpf's <c>get_kernel_version</c> tries, in this order:
/// <code>
/// /proc/version_signature   Ubuntu 5.15.0-97.107-generic 5.15.136                         the last word
/// uname -v                  #1 SMP PREEMPT_DYNAMIC Debian 6.1.158-1 (2025-11-09)          the package version
/// uname -r                  5.14.0-427.el9.x86_64                                         its first three numbers
/// </code>
/// The first two are in the banner of a kernel image, but not in its BTF. Without them, a release such as <c>6.1.0-41-amd64</c> leaves
/// the sublevel open.
/// </summary>
internal static partial class LinuxVersion
{
    /// <summary>The version as far as it is known; null if the release does not begin with one.</summary>
    /// <param name="distro">Canonical os-release <c>ID</c>.</param>
    /// <param name="release"><c>uname -r</c>.</param>
    /// <param name="texts">Texts of <c>uname -a</c>, <c>/proc/version</c> or <c>/proc/version_signature</c>; the first that gives a version
    /// wins.</param>
    public static KernelVersion? FromRelease(string distro, string release, params ReadOnlySpan<string?> texts)
    {
        if (Numbers(Release().Match(release)) is not { } named) return null;
        foreach (var text in texts)
            if (text is not null
                && (Signed(UbuntuSignature().Match(text), named) ?? Signed(DebianPackage().Match(text), named)) is { } signed)
                return signed;
        return HidesSublevel(distro, release) ? KernelVersion.Line(named.A, named.B) : KernelVersion.Exact(named.A, named.B, named.C);
    }

    // Ubuntu and Debian name every kernel of a line x.y.0, followed by a build number: 5.15.0-97-generic, 6.1.0-41-amd64,
    // 6.1.0-0.deb11.48-amd64, 6.1.0-kali9-amd64. Ubuntu's mainline builds (6.5.0-060500-generic) and other distributions use the true
    // version.
    private static bool HidesSublevel(string distro, string release) =>
        AbiName().IsMatch(release) && !MainlineBuild().IsMatch(release)
        && (distro is "ubuntu" or "debian" || !OtherBuilder().IsMatch(release));

    // A text that names another version line describes another kernel.
    private static KernelVersion? Signed(Match match, (uint A, uint B, uint C) named) =>
        Numbers(match) is { } found && (found.A, found.B) == (named.A, named.B) ? KernelVersion.Exact(found.A, found.B, found.C) : null;

    private static (uint A, uint B, uint C)? Numbers(Match match) =>
        match.Success
        && ushort.TryParse(match.Groups["a"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var a)
        && byte.TryParse(match.Groups["b"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var b)
        && uint.TryParse(match.Groups["c"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var c)
            ? (a, b, c)
            : null;

    [GeneratedRegex(@"^(?<a>\d+)\.(?<b>\d+)\.(?<c>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Release();

    // The words before the version must be a kernel's; compilers look similar: "(Ubuntu 11.3.0-1ubuntu1~22.04) 11.3.0".
    [GeneratedRegex(
        @"\bUbuntu \d+\.\d+\.\d+-\d+\.\d+\S*-[a-z]\S* (?<a>\d+)\.(?<b>\d+)\.(?<c>\d+)\b",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex UbuntuSignature();

    // libbpf expects three numbers right after the word: "Debian 7.3~rc7-1" and Raspberry Pi's "Debian 1:6.1.63-1+rpt1" do not match.
    [GeneratedRegex(@"(?<!\()\bDebian (?<a>\d+)\.(?<b>\d+)\.(?<c>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DebianPackage();

    [GeneratedRegex(@"^\d+\.\d+\.0-", RegexOptions.CultureInvariant)]
    private static partial Regex AbiName();

    [GeneratedRegex(@"^\d+\.\d+\.0-0\d{5}(rc\d+)?(drmtip\d+|daily\d+)?-", RegexOptions.CultureInvariant)]
    private static partial Regex MainlineBuild();

    // Marks of distributions that keep the version they branched from: 4.18.0-147.el8 is 4.18.0.
    [GeneratedRegex(@"\.(el|fc|amzn|azl|cm|oe|an|al|tl|lp)\d", RegexOptions.CultureInvariant)]
    private static partial Regex OtherBuilder();
}
