using System.Text;
using System.Text.RegularExpressions;

namespace Relo.Archive.Naming;

/// <summary>
/// The distribution and version in <c>/etc/os-release</c> (freedesktop.org, os-release(5)): shell assignments with optionally quoted
/// values. It describes user space. In a container the kernel may be another distribution's; a derived distribution may run its base's
/// kernels.
/// </summary>
internal sealed partial record OsRelease(string Distro, string Version)
{
    // os-release(5): "If not set, a default of ID=linux may be used". Rolling distributions have no VERSION_ID.
    private const string DefaultDistro = "linux";

    /// <summary>The version of distributions without <c>VERSION_ID</c>.</summary>
    public const string RollingVersion = "rolling";

    /// <summary>The distribution, and its version if known, whose kernels this one runs unchanged; null if it builds its own.</summary>
    public (string Distro, string? Version)? Base { get; init; }

    public static OsRelease Read(string text)
    {
        var distro = Value(text, "ID") is { } id ? KernelName.Distro(id) : DefaultDistro;
        var version = Value(text, "VERSION_ID") is { } given ? KernelName.Version(given) : RollingVersion;
        return new(distro, version) { Base = BaseOf(text, distro, version) };
    }

    /// <summary>Removes the lines of os-release from a text and reads them; null if there are none.</summary>
    public static OsRelease? TakeOutOf(ref string text)
    {
        if (!Id().IsMatch(text)) return null;
        StringBuilder file = new(), rest = new();
        foreach (var line in text.Split('\n')) (Assignment().IsMatch(line) ? file : rest).Append(line).Append('\n');
        text = rest.ToString(0, Math.Max(0, rest.Length - 1));
        return Read(file.ToString());
    }

    private static (string, string?)? BaseOf(string text, string distro, string version)
    {
        if (distro != "ubuntu" && Value(text, "UBUNTU_CODENAME") is { } codename
            && UbuntuSeries.OfCodename(codename.ToLowerInvariant()) is { } series)
            return ("ubuntu", series);
        if (distro != "rhel" && Value(text, "RHEL_VERSION") is { } redHat) return ("rhel", KernelName.Version(redHat)); // Red Hat CoreOS
        return Distributions.BaseOf(distro, version);
    }

    private static string? Value(string text, string key)
    {
        foreach (var line in text.Split('\n'))
        {
            var assignment = line.Trim();
            if (assignment.StartsWith(key, StringComparison.Ordinal) && assignment.Length > key.Length && assignment[key.Length] == '=')
                return assignment[(key.Length + 1)..].Trim('"', '\'') is { Length: > 0 } value ? value : null;
        }

        return null;
    }

    [GeneratedRegex(@"^\s*ID=", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Id();

    // The kernel's command line (BOOT_IMAGE=…) looks the same, but names the kernel.
    [GeneratedRegex(@"^\s*(?!BOOT_IMAGE)[A-Z][A-Z0-9_]*=", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();
}
