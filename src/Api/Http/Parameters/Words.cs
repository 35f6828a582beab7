using System.Text.Json;

namespace Relo.Api.Http.Parameters;

/// <summary>Marks a parameter whose value is one of a few words.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal abstract class WordsAttribute(IReadOnlyList<string> words) : Attribute
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words => words;
}

/// <summary>The same, with the members of an enum in kebab-case; the first member stands for no value and is left out.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class WordsOfAttribute<T>() : WordsAttribute(WordsOf<T>.All) where T : struct, Enum;

/// <summary>Members of an enum as words.</summary>
internal static class WordsOf<T> where T : struct, Enum
{
    private static readonly Dictionary<string, T> ByWord = Enum.GetValues<T>().Skip(1)
        .ToDictionary(value => JsonNamingPolicy.KebabCaseLower.ConvertName($"{value}"), StringComparer.OrdinalIgnoreCase);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. ByWord.Keys];

    /// <summary>Reads the value of a parameter that has <see cref="WordsOfAttribute{T}"/>; the first member without a value.</summary>
    public static T Parse(string? text) => string.IsNullOrWhiteSpace(text) ? default : ByWord[text.Trim()];
}
