namespace Relo.Archive.Host;

/// <summary>What <c>/etc/os-release</c> says of the distribution (freedesktop.org, os-release(5)): shell assignments, values perhaps quoted.</summary>
internal sealed record OsRelease(string Distro, string Version)
{
    // os-release(5): "If not set, a default of ID=linux may be used". Rolling distributions have no VERSION_ID.
    private const string DefaultDistro = "linux", RollingVersion = "rolling";

    public static OsRelease Read(string text) => new(
        Value(text, "ID") is { } id ? KernelName.Distro(id) : DefaultDistro,
        Value(text, "VERSION_ID") is { } version ? KernelName.Version(version) : RollingVersion);

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
}
