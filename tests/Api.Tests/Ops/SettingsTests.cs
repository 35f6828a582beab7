using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Relo.Api.Settings;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Settings;

namespace Relo.Api.Tests.Ops;

/// <summary>The settings are in three places that must agree: the options classes, <c>appsettings.json</c>, and the user guide.</summary>
public sealed partial class SettingsTests
{
    // Settings of the framework.
    private static readonly string[] OfOthers =
        ["ASPNETCORE_URLS", "AllowedHosts", "Kestrel:Endpoints:<name>:…", "Serilog:MinimumLevel:…", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    [Fact]
    public void Every_options_class_is_looked_at()
    {
        var all = new[] { typeof(Program).Assembly, typeof(ArchiveOptions).Assembly }.SelectMany(a => a.GetTypes())
            .Where(t => t.Name.EndsWith("Options", StringComparison.Ordinal) && !t.Name.Contains('<', StringComparison.Ordinal));
        Assert.Equal(all.Select(t => t.Name).Order(StringComparer.Ordinal),
            KnownSettings.Classes.Select(s => s.Options.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Settings_file_has_every_setting_with_its_default()
    {
        var file = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: false)
            .Build();
        var told = file.AsEnumerable().Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Key, pair => pair.Value!, StringComparer.Ordinal);
        var real = KnownSettings.Classes.SelectMany(s => Settings(s.Options).Where(p => !IsNamed(p) && !IsList(p))
            .Select(p => (Key: $"{s.Section}:{p.Name}",
                Value: Convert.ToString(p.GetValue(Activator.CreateInstance(s.Options)), CultureInfo.InvariantCulture)!)));
        Assert.Equal(real.Select(r => $"{r.Key}={r.Value}").Order(StringComparer.Ordinal),
            told.Select(t => $"{t.Key}={AsWritten(t.Value)}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void User_guide_has_every_setting()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "wwwroot", "docs", "configuration.md"));
        var told = Row().Matches(page).Select(m => m.Groups[1].Value).Except(OfOthers);
        var real =
            KnownSettings.Classes.SelectMany(s => Settings(s.Options).SelectMany(p => IsList(p)
                ? Settings(p.PropertyType.GetGenericArguments()[0]).Select(e => $"{s.Section}:{p.Name}:<n>:{e.Name}")
                : [$"{s.Section}:{p.Name}{(IsNamed(p) ? ":<name>" : "")}"]));
        Assert.Equal(real.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    private static PropertyInfo[] Settings(Type options) => options.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static bool IsNamed(PropertyInfo setting) => typeof(IDictionary).IsAssignableFrom(setting.PropertyType);

    private static bool IsList(PropertyInfo setting) => setting.PropertyType.IsGenericType && !IsNamed(setting)
        && setting.PropertyType.GetGenericTypeDefinition() == typeof(IList<>);

    // JSON's true is .NET's True.
    private static string AsWritten(string value) => value is "true" or "false" ? bool.Parse(value).ToString() : value;

    [GeneratedRegex(@"^\| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
