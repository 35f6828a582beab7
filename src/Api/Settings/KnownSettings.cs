using System.Reflection;
using Relo.Api.Access;
using Relo.Api.Caching;
using Relo.Api.Compatibility;
using Relo.Api.Http;
using Relo.Api.Http.Limits;
using Relo.Api.Ops;
using Relo.Api.Signing;
using Relo.Api.Spelling;
using Relo.Archive.Blobs.S3;
using Relo.Archive.Objects;
using Relo.Archive.Settings;
using Relo.Archive.Sync;
using Relo.Archive.Upstream;

namespace Relo.Api.Settings;

/// <summary>All settings: the properties of the options classes.</summary>
internal static class KnownSettings
{
    /// <summary>Every options class with the section it is bound to.</summary>
    public static IReadOnlyList<(string Section, Type Options)> Classes { get; } =
    [
        (ArchiveOptions.Section, typeof(ArchiveOptions)), (ArchiveOptions.Section, typeof(SampleOptions)),
        (UpstreamOptions.Section, typeof(UpstreamOptions)), (SyncOptions.Section, typeof(SyncOptions)),
        (S3Options.Section, typeof(S3Options)),
        (CacheOptions.Section, typeof(CacheOptions)), (CacheOptions.Section, typeof(ResultOptions)),
        (ObjectOptions.Section, typeof(ObjectOptions)),
        (LimitOptions.Section, typeof(LimitOptions)), (AccessOptions.Section, typeof(AccessOptions)),
        (CrossOriginOptions.Section, typeof(CrossOriginOptions)),
        (ProxyOptions.Section, typeof(ProxyOptions)), (LogOptions.Section, typeof(LogOptions)),
        (CompatibilityOptions.Section, typeof(CompatibilityOptions)), (SigningOptions.Section, typeof(SigningOptions)),
        (ApprovalOptions.Section, typeof(ApprovalOptions)),
    ];

    /// <summary>All settings, in the order of their classes.</summary>
    public static IReadOnlyList<Setting> All { get; } =
        [.. Classes.SelectMany(c => Of(c.Section, c.Options))];

    /// <summary>Names of the sections, the first parts of the settings.</summary>
    public static IReadOnlyList<string> Sections { get; } =
        [.. Classes.Select(c => c.Section.Split(':')[0]).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether a configuration key sets one of them.</summary>
    public static bool Has(string key) => All.Any(setting => setting.IsOfList
        ? setting.Key.Equals(AsListed(key), StringComparison.OrdinalIgnoreCase)
        : setting.IsNamed
        ? key.StartsWith(setting.Key + ':', StringComparison.OrdinalIgnoreCase)
                && !key[(setting.Key.Length + 1)..].Contains(':', StringComparison.Ordinal)
        : key.Equals(setting.Key, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a key has settings below it.</summary>
    public static bool IsSection(string key) =>
        All.Any(setting => setting.Key.StartsWith(AsListed(key) + ':', StringComparison.OrdinalIgnoreCase));

    // The settings of a list's elements: Archive:Upstream:Sources:<n>:Url.
    private static IEnumerable<Setting> Of(string section, Type options) =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(p => Setting.ElementOf(p.PropertyType) is { } element
            ? Of($"{section}:{p.Name}:{Setting.Number}", element)
            : [new($"{section}:{p.Name}", p.PropertyType)]);

    // Sources:0:Url is Sources:<n>:Url.
    private static string AsListed(string key) =>
        string.Join(':', key.Split(':').Select(part => part.Length > 0 && part.All(char.IsAsciiDigit) ? Setting.Number : part));

    /// <summary>The setting that an unknown key probably means; null if none is close.</summary>
    public static string? SuggestionFor(string key)
    {
        // By the full name, then by its last part in any section: --Root for Archive:Root. A single word never means a list: --url.
        var parts = key.Split(':');
        var section = Suggestion.For(parts[0], Sections);
        var within = section is null
            ? null
            : Suggestion.For(key[parts[0].Length..], All.Where(s => s.Key.StartsWith(section + ':', StringComparison.Ordinal))
                .Select(s => s.Key[section.Length..]));
        if (within is not null) return section + within;
        return section is not null && parts.Length > 1
            ? null
            : All.FirstOrDefault(s => !s.IsOfList && s.Key.EndsWith(':' + parts[^1], StringComparison.OrdinalIgnoreCase))?.Text;
    }
}
