using System.Text;
using System.Text.RegularExpressions;
using Relo.Archive.Kernels;

namespace Relo.Archive.Naming;

/// <summary>
/// What <c>/etc/os-release</c> says of the distribution (freedesktop.org, os-release(5)): shell assignments, values perhaps quoted. It is that of
/// the user land: in a container, of another distribution than the kernel; in a derived distribution, of another than who built the kernel.
/// </summary>
internal sealed partial record OsRelease(string Distro, string Version)
{
    // os-release(5): "If not set, a default of ID=linux may be used". Rolling distributions have no VERSION_ID.
    private const string DefaultDistro = "linux";

    /// <summary>Version of distributions that say none.</summary>
    public const string RollingVersion = "rolling";

    /// <summary>The distribution, and its version where that is known, whose kernels this one runs unchanged; null where it builds its own.</summary>
    public (string Distro, string? Version)? Base { get; init; }

    public static OsRelease Read(string text)
    {
        var distro = Value(text, "ID") is { } id ? KernelName.Distro(id) : DefaultDistro;
        var version = Value(text, "VERSION_ID") is { } given ? KernelName.Version(given) : RollingVersion;
        return new(distro, version) { Base = BaseOf(text, distro, version) };
    }

    /// <summary>Takes os-release out of a text that holds it beside other lines; null where it holds none.</summary>
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
        if (distro != "ubuntu" && Value(text, "UBUNTU_CODENAME") is { } codename && UbuntuSeries.OfCodename(codename.ToLowerInvariant()) is { } series) return ("ubuntu", series);
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

    // A boot loader's command line begins likewise, and names the kernel.
    [GeneratedRegex(@"^\s*(?!BOOT_IMAGE)[A-Z][A-Z0-9_]*=", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();
}
