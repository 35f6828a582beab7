using System.Text.RegularExpressions;
using Relo.Archive.Naming;

namespace Relo.Archive.KernelFiles.Packages;

/// <summary>Paths of kernels and modules in packages. They are only matched; nothing is written to them.</summary>
internal static partial class KernelPaths
{
    /// <summary>
    /// Whether this is the path of a kernel, and its release if the path contains it (<c>boot/vmlinuz-lts</c> does not).
    /// </summary>
    public static bool IsKernel(string path, out string? release)
    {
        var match = Kernel().Match(path);
        var text = match.Groups["release"].Value;
        release = text is [>= '0' and <= '9', ..] ? text : null;
        return match.Success && KernelName.Fault("release", text) is null;
    }

    /// <summary>Whether this is the path of a loadable module.</summary>
    public static bool IsModule(string path) => Module().IsMatch(path);

    /// <summary>Whether this is the path of a kernel configuration.</summary>
    public static bool IsConfig(string path) => Config().IsMatch(path);

    /// <summary>Whether this is a path of a debug package.</summary>
    public static bool IsDebug(string path) => path.Contains("usr/lib/debug/", StringComparison.Ordinal);

    // boot/vmlinuz-R, boot/image-R (s390x of SUSE), lib/modules/R/vmlinuz, the unified image lib/modules/R/vmlinuz-virt.efi, and under
    // usr/lib/debug the vmlinux with debug information. Any of them may be compressed.
    [GeneratedRegex(
        @"^\.?/?(usr/lib/debug/)?((usr/)?boot/(vmlinu[xz]|[iI]mage)-(?<release>[^/]+?)"
        + @"|(usr/)?lib/modules/(?<release>[^/]+)/(vmlinu[xz]|[iI]mage|vmlinuz-virt\.efi))(\.(gz|xz|zst|bz2|lz4))?(\.debug)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Kernel();

    [GeneratedRegex(
        @"^\.?/?(usr/)?lib/modules/[^/]+/.+\.ko(\.(gz|xz|zst|bz2|lz4))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Module();

    [GeneratedRegex(
        @"^\.?/?(usr/)?(boot/config-[^/]{1,128}|lib/modules/[^/]{1,128}/config)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Config();
}
