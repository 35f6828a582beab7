using System.Text.RegularExpressions;
using Relo.Archive.Upstream.Packages;

namespace Relo.Archive.Upstream.Dnf;

/// <summary>
/// What the name of a kernel package of Fedora, Red Hat's family, Amazon or SUSE says:
/// <code>
/// kernel-core 6.11.4-301.fc41 x86_64             6.11.4-301.fc41.x86_64
/// kernel-64k-core 5.14.0-503.el9 aarch64         5.14.0-503.el9.aarch64+64k
/// kernel-uek 5.15.0-208.el9uek x86_64            5.15.0-208.el9uek.x86_64
/// kernel-default 6.4.0-150600.23.7.3 x86_64      6.4.0-150600.23.7-default: without the build counter
/// </code>
/// </summary>
internal sealed partial record RpmKernelName(KernelPackageKind Kind, string Release)
{
    /// <summary>Null if the package has no kernel.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="build">What RPM calls its release.</param>
    /// <param name="arch">Its architecture.</param>
    public static RpmKernelName? TryParse(string name, string version, string build, string arch)
    {
        if (Suse().Match(name) is { Success: true } suse)
            return new(suse.Groups["debug"].Success ? KernelPackageKind.Debug : KernelPackageKind.Kernel,
                $"{version}-{BuildCounter().Replace(build, "")}-{suse.Groups["flavour"].Value}");
        if (RedHat().Match(name) is not { Success: true } match) return null;
        var kind = match.Groups["part"].Value switch
        {
            "" or "core" => KernelPackageKind.Kernel,
            "debuginfo" => KernelPackageKind.Debug,
            _ => KernelPackageKind.Modules,
        };
        var flavour = match.Groups["flavour"].Value;
        // Before 9.3, the version of a real-time kernel named its flavour: 5.14.0-70.rt21.
        var end = flavour.Length == 0 || build.Contains("." + flavour, StringComparison.Ordinal) ? "" : "+" + flavour;
        return new(kind, $"{version}-{build}.{arch}{end}");
    }

    [GeneratedRegex(
        @"^kernel(-uek)?(-(?<flavour>rt|64k|16k|debug|rt-64k))?(-(?<part>core|modules|modules-core|modules-extra|debuginfo))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex RedHat();

    [GeneratedRegex(
        @"^kernel-(?<flavour>default|azure|preempt|pae|vanilla|longterm|kvmsmall|lpae|64kb)(?<debug>-debuginfo)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Suse();

    [GeneratedRegex(@"\.\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex BuildCounter();
}
