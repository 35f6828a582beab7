using Relo.Api.Http.Problems;
using Relo.Api.Spelling;

namespace Relo.Api.Http.Parameters;

/// <summary>The value of a parameter with several names, separated by commas: <c>fields=summary,fieldChanges</c>.</summary>
internal static class NameList
{
    /// <summary>Parses the value.</summary>
    /// <param name="parameter">Name of the parameter.</param>
    /// <param name="text">What the client wrote.</param>
    /// <param name="known">The known names.</param>
    /// <returns>The names in their known spelling; null without a value.</returns>
    /// <exception cref="RefusedException">A name is unknown.</exception>
    public static IReadOnlySet<string>? Parse(string parameter, string? text, IReadOnlyList<string> known)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(name => known.FirstOrDefault(k => k.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown(name))
            .ToHashSet(StringComparer.Ordinal);

        RefusedException Unknown(string name)
            => new(Problem.InvalidParameter(parameter, name, $"names from {string.Join(", ", known)}, separated by commas",
                Suggestion.For(name, known)));
    }
}
