using System.Text.RegularExpressions;

namespace Relo.Archive.Import.Packages;

/// <summary>Where packages have their kernels. The paths are only looked at; nothing is ever written to one.</summary>
internal static partial class KernelPaths
{
    /// <summary>The release of the kernel that a package has at this path; null where no kernel is there.</summary>
    public static string? ReleaseOf(string path)
    {
        var match = Kernel().Match(path);
        return match.Success && match.Groups["release"].Value is var release && KernelName.Fault("release", release) is null ? release : null;
    }

    // boot/vmlinuz-R, boot/image-R (s390x of SUSE), lib/modules/R/vmlinuz, and under usr/lib/debug the vmlinux with debug information. All distributions pack some of them once more.
    [GeneratedRegex(
        @"^\.?/?(usr/lib/debug/)?((usr/)?boot/(vmlinu[xz]|[iI]mage)-(?<release>[^/]+?)|(usr/)?lib/modules/(?<release>[^/]+)/(vmlinu[xz]|[iI]mage))(\.(gz|xz|zst|bz2|lz4))?(\.debug)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Kernel();
}
