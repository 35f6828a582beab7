using System.Text.Json;

namespace Relo.Api.Http.Parameters;

/// <summary>Members of an enum as words.</summary>
internal static class WordsOf<T> where T : struct, Enum
{
    private static readonly Dictionary<string, T> ByWord = Enum.GetValues<T>().Skip(1)
        .ToDictionary(value => JsonNamingPolicy.KebabCaseLower.ConvertName($"{value}"), StringComparer.OrdinalIgnoreCase);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ByWord.Keys];

    /// <summary>Reads the value of a parameter that has <see cref="WordsOfAttribute{T}"/>; the first member without a value.</summary>
    public static T Parse(string? text) => string.IsNullOrWhiteSpace(text) ? default : ByWord[text.Trim()];

    /// <summary>Reads the value of a parameter that has <see cref="WordListOfAttribute{T}"/>.</summary>
    public static IEnumerable<T> ParseList(string? text) => RouteParameter.Split(text ?? "").Select(word => ByWord[word]);
}
