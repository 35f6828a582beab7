using System.Globalization;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Options;
using Relo.Api.Spelling;

namespace Relo.Api.Settings;

/// <summary>
/// Refuses unknown settings: a misspelt setting must not start the service without its keys. In our own sections every setting must be
/// known, whatever source it comes from. In other sections this applies to the command line and the settings file; in the environment,
/// which other programs share, only to names similar to our sections.
/// </summary>
internal static class SettingsCheck
{
    // Sections that the framework and its libraries read and validate themselves.
    private static readonly string[] OfFramework =
    [
        "urls", "http_ports", "https_ports", "https_port", "environment", "applicationName", "contentRoot", "webRoot", "AllowedHosts",
        "Kestrel", "Serilog", "Logging",
        "detailedErrors", "captureStartupErrors", "preferHostingUrls", "suppressStatusMessages", "shutdownTimeoutSeconds",
        "hostingStartupAssemblies", "hostingStartupExcludeAssemblies",
        "preventHostingStartup", "startupAssembly", "hostBuilder", "ForwardedHeaders_Enabled", "DOTNET_RUNNING_IN_CONTAINER",
    ];

    private const string OfCollector = "OTEL_";

    /// <summary>Whether the framework reads a setting of this name.</summary>
    public static bool IsOfFramework(string key) =>
        key.StartsWith(OfCollector, StringComparison.Ordinal) || OfFramework.Contains(key.Split(':')[0], StringComparer.OrdinalIgnoreCase);

    /// <summary>Checks all settings, and turns sizes with a unit into numbers.</summary>
    /// <exception cref="OptionsValidationException">Some settings are invalid; the message has a line for each.</exception>
    public static void Apply(ConfigurationManager configuration)
    {
        var faults = new List<string>();
        foreach (var provider in ((IConfigurationRoot)configuration).Providers)
        {
            foreach (var (key, value) in Values(provider, null))
            {
                if (Fault(provider, key, value) is { } fault && !faults.Contains(fault)) faults.Add(fault);
            }
        }

        foreach (var setting in KnownSettings.All.Where(s => s.IsSize)) ReadSize(configuration, setting, faults);
        foreach (var setting in KnownSettings.All.Where(s => s.Type.IsEnum)) CheckWord(configuration, setting, faults);
        if (faults.Count > 0) throw new OptionsValidationException(nameof(Settings), typeof(SettingsCheck), faults);
    }

    private static string? Fault(IConfigurationProvider provider, string key, string value)
    {
        if (KnownSettings.Has(key) || IsOfFramework(key)) return null;
        if (KnownSettings.IsSection(key))
            return value.Length == 0
                ? null
                : $"{key} is '{value}', and has no value of its own; expected one of its settings, such as "
                    + $"{KnownSettings.All.First(s => s.Key.StartsWith(key + ':', StringComparison.OrdinalIgnoreCase)).Text}";
        var first = key.Split(':')[0];
        var isOurs = KnownSettings.Sections.Contains(first, StringComparer.OrdinalIgnoreCase);
        if (isOurs && KnownSettings.All.FirstOrDefault(
            s => s.IsNamed && s.Key.Equals(key, StringComparison.OrdinalIgnoreCase)) is { } named)
            return value.Length == 0 ? null : $"{key} has no name; expected {named.Text}";
        if (isOurs || provider is CommandLineConfigurationProvider or JsonConfigurationProvider) return Unknown(key, Source(provider));
        // Refuses Acess__Mode, but not the variables of other programs.
        return key.Contains(':', StringComparison.Ordinal) && Suggestion.For(first, KnownSettings.Sections) is not null
            ? Unknown(key, Source(provider))
            : null;
    }

    private static string Unknown(string key, string source)
    {
        var meant = KnownSettings.SuggestionFor(key) ?? Suggestion.For(key.Split(':')[0], KnownSettings.Sections.Concat(OfFramework));
        return $"there is no setting {key} (from {source}){Suggestion.Question(meant)}";
    }

    private static string Source(IConfigurationProvider provider) => provider switch
    {
        CommandLineConfigurationProvider => "the command line",
        JsonConfigurationProvider json => json.Source.Path ?? "a settings file",
        EnvironmentVariablesConfigurationProvider => "the environment",
        _ => "the configuration",
    };

    private static void ReadSize(ConfigurationManager configuration, Setting setting, List<string> faults)
    {
        if (configuration[setting.Key] is not { } text || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
            return;
        if (ByteSize.TryParse(text, out var bytes)) configuration[setting.Key] = bytes.ToString(CultureInfo.InvariantCulture);
        else faults.Add($"{setting.Key} is '{text}', expected {ByteSize.Forms}");
    }

    // The framework would also accept any number for the enum, and an undefined mode needs no key.
    private static void CheckWord(ConfigurationManager configuration, Setting setting, List<string> faults)
    {
        var words = Enum.GetNames(setting.Type);
        if (configuration[setting.Key] is not { } text || words.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase)) return;
        faults.Add($"{setting.Key} is '{text}', expected {string.Join(" or ", words)}{Suggestion.Question(Suggestion.For(text, words))}");
    }

    // Only keys with a value; an empty section of a file has none.
    private static IEnumerable<(string Key, string Value)> Values(IConfigurationProvider provider, string? parent)
    {
        foreach (var name in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var key = parent is null ? name : $"{parent}:{name}";
            if (provider.TryGet(key, out var value) && value is not null) yield return (key, value);
            foreach (var child in Values(provider, key)) yield return child;
        }
    }
}
