using Relo.Archive.Naming;
using Relo.Archive.Upstream.Pacman;

namespace Relo.Archive.Upstream.Configured;

/// <summary>Refuses invalid settings of sources.</summary>
internal static class SourceSettingsCheck
{
    /// <summary>The type whose URL may come from the environment.</summary>
    public const string Debuginfod = "debuginfod";

    /// <summary>The word for all sources; no source may have this name.</summary>
    public const string All = "all";

    private const string Crawler = "crawler", Pacman = "pacman";

    private static readonly string[] Types = ["btfhub", "apt", "dnf", Pacman, "relo", Debuginfod, Crawler];

    private static readonly SourceSettings Default = new();

    // The settings that only some types read, and the value that was given.
    private static readonly (string Setting, string[] Types, Func<SourceSettings, string?> Given)[] OfSomeTypes =
    [
        ("Suites", ["apt", Pacman], one => Given(one.Suites)),
        ("Components", ["apt"], one => one.Components.Trim() == Default.Components ? null : Given(one.Components)),
        ("Architectures", ["apt", "dnf", Pacman, "relo", Crawler], one => Given(one.Architectures)),
        ("Distro", ["apt", "dnf", Pacman], one => Given(one.Distro)),
        ("Version", ["apt", "dnf", Pacman], one => Given(one.Version)),
        ("Keyring", ["apt", "dnf", Pacman], one => Given(one.Keyring)),
        ("IgnoreExpiry", ["apt"], one => Given(one.IgnoreExpiry, Default.IgnoreExpiry)),
        ("Modules", ["apt", "dnf", Pacman], one => Given(one.Modules, Default.Modules)),
        ("Debug", ["apt", "dnf"], one => Given(one.Debug, Default.Debug)),
        ("PrivateRedirects", ["apt", "dnf", Pacman, Debuginfod, Crawler], one => Given(one.PrivateRedirects, Default.PrivateRedirects)),
        ("KeyFile", ["relo"], one => Given(one.KeyFile)),
    ];

    /// <summary>The name of a source.</summary>
    public static string NameOf(SourceSettings one) =>
        (one.Name.Trim() is { Length: > 0 } given ? given : one.Type.Trim()).ToLowerInvariant();

    /// <summary>The names of its sources: for debuginfod, there is one for each server.</summary>
    public static IEnumerable<string> NamesOf(SourceSettings one) =>
        one.Type.Trim().Equals(Debuginfod, StringComparison.OrdinalIgnoreCase)
            ? DebuginfodUrls.Of(one.Url).Select((_, n) => n == 0 ? NameOf(one) : $"{NameOf(one)}-{n + 1}")
            : [NameOf(one)];

    /// <summary>The first fault of the sources; null if they are valid.</summary>
    public static string? Fault(IList<SourceSettings> sources)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var n = 0; n < sources.Count; n++)
        {
            var fault = Fault(sources[n])
                ?? (NamesOf(sources[n]).FirstOrDefault(name => !names.Add(name)) is { } twice ? $"Name '{twice}' is given twice" : null);
            if (fault is not null) return $"{UpstreamOptions.Section}:Sources:{n}:{fault}";
        }

        return null;
    }

    private static string? Fault(SourceSettings one)
    {
        var type = one.Type.Trim().ToLowerInvariant();
        if (!Types.Contains(type, StringComparer.Ordinal)) return $"Type is '{one.Type}', expected {string.Join(", ", Types)}";
        if (KernelName.Fault("Name", NameOf(one)) is { } name) return name;
        if (NameOf(one) == All) return $"Name is '{All}', which means all sources";
        if (UrlFault(type, one) is { } url) return url;
        if (one.Timeout is { } time && (time <= TimeSpan.Zero || time > TimeSpan.FromDays(1))) return "Timeout must be between 0 and a day";
        if (one.KeyFile.Trim() is { Length: > 0 } key && !File.Exists(key)) return $"KeyFile is '{key}', which does not exist";
        if (UselessFault(type, one) is { } useless) return useless;
        return type switch
        {
            "apt" => AptFault(one) ?? RepositoryFault(one),
            Pacman => SuitesFault(one, "core extra") ?? RepositoryFault(one),
            "dnf" => RepositoryFault(one),
            Crawler when one.Architectures.Trim() is var arch && !KernelName.IsArch(arch) =>
                $"Architectures is '{arch}', expected the one architecture of the list, such as x86_64",
            _ => null,
        };
    }

    private static string? UselessFault(string type, SourceSettings one)
    {
        foreach (var (setting, types, given) in OfSomeTypes)
            if (!types.Contains(type, StringComparer.Ordinal) && given(one) is { } value)
                return $"{setting} is '{value}', which has no effect for {type}; leave it out";
        return null;
    }

    private static string? Given(string value) => value.Trim() is { Length: > 0 } given ? given : null;

    private static string? Given(bool value, bool other) => value == other ? null : value ? "true" : "false";

    private static string? UrlFault(string type, SourceSettings one)
    {
        if (type == Debuginfod)
        {
            var urls = DebuginfodUrls.Of(one.Url);
            return urls.Count == 0 ? $"Url is empty, and so is {DebuginfodUrls.Variable} of the environment"
                : urls.Select(UpstreamOptions.AddressFault).FirstOrDefault(f => f is not null) is { } bad ? $"Url {bad}" : null;
        }

        if (type == Crawler && File.Exists(one.Url.Trim())) return null;
        return (UpstreamOptions.AddressFault(one.Url) ?? (type == Pacman ? PacmanServer.Fault(one.Url) : null)) is { } fault
            ? $"Url {fault}"
            : null;
    }

    private static string? AptFault(SourceSettings one) =>
        SuitesFault(one, "bookworm bookworm-backports")
        ?? (string.IsNullOrWhiteSpace(one.Components) ? "Components is empty; expected names such as 'main'" : null);

    private static string? SuitesFault(SourceSettings one, string example) =>
        string.IsNullOrWhiteSpace(one.Suites) ? $"Suites is empty; expected names such as '{example}'"
        : one.Suites.Contains("..", StringComparison.Ordinal) ? $"Suites is '{one.Suites}', expected names such as '{example}'"
        : Twice(one.Suites) is { } suite ? $"Suites names '{suite}' twice"
        : null;

    private static string? Twice(string words) =>
        words.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).CountBy(word => word)
            .FirstOrDefault(word => word.Value > 1).Key;

    private static string? RepositoryFault(SourceSettings one) =>
        string.IsNullOrWhiteSpace(one.Architectures) ? "Architectures is empty; expected names such as 'amd64 arm64'"
        : string.IsNullOrWhiteSpace(one.Distro) ? "Distro is empty; expected ID of os-release, such as debian"
        : one.Keyring.Trim() is { Length: > 0 } keyring && !File.Exists(keyring) ? $"Keyring is '{keyring}', which does not exist"
        : null;
}
