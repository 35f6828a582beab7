using System.Text.RegularExpressions;
using Relo.Archive.Upstream.Packages;

namespace Relo.Archive.Upstream.Apt;

/// <summary>
/// What the name of a package of Debian or Ubuntu says:
/// <code>
/// linux-image-6.1.0-38-amd64            the kernel of this release, with its modules
/// linux-image-6.1.0-38-amd64-unsigned   the same before it is signed; Ubuntu: linux-image-unsigned-5.15.0-91-generic
/// linux-binary-7.2.13+deb14-amd64       the kernel alone; linux-modules-… has the modules, linux-image-… only depends on both
/// linux-image-6.1.0-38-amd64-dbg        its vmlinux with debug information; Ubuntu: linux-image-unsigned-…-dbgsym
/// </code>
/// </summary>
/// <param name="Kind">What is in it.</param>
/// <param name="Release"><c>uname -r</c> of its kernel.</param>
internal sealed partial record KernelPackageName(KernelPackageKind Kind, string Release)
{
    /// <summary>Null if the name is not that of a package of one kernel: <c>linux-image-amd64</c> depends on the newest.</summary>
    public static KernelPackageName? TryParse(string name)
    {
        if (name.EndsWith("-signed-template", StringComparison.Ordinal)) return null; // the input of Debian's signing service
        if (Name().Match(name) is not { Success: true } match) return null;
        var kind = match.Groups["debug"].Success ? KernelPackageKind.Debug
            : match.Groups["what"].Value.StartsWith("modules", StringComparison.Ordinal) ? KernelPackageKind.Modules
            : match.Groups["unsigned"].Success ? KernelPackageKind.Unsigned : KernelPackageKind.Kernel;
        return kind is KernelPackageKind.Modules && match.Groups["debug"].Success ? null : new(kind, match.Groups["release"].Value);
    }

    // A release begins with two numbers.
    [GeneratedRegex(
        @"^linux-(?<what>image|binary|modules(-extra)?)-(?<unsigned>unsigned-)?(?<release>\d+\.\d[a-z0-9.+~]*?(-[a-z0-9.+~]+?)*?)"
        + @"(?<unsigned>-unsigned)?(?<debug>-dbg(sym)?)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
