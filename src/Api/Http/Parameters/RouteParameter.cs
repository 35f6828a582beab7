using System.Globalization;
using System.Reflection;
using Relo.Api.Http.Problems;
using Relo.Api.Spelling;

namespace Relo.Api.Http.Parameters;

/// <summary>One parameter of a route.</summary>
/// <param name="Name">Its name; case-insensitive.</param>
/// <param name="Type">Type of its value.</param>
/// <param name="Words">The allowed values, if there are few.</param>
/// <param name="IsList">Whether several of them may be given, separated by commas.</param>
internal sealed record RouteParameter(string Name, Type Type, IReadOnlyList<string>? Words, bool IsList = false)
{
    /// <summary>Creates one from a property or an argument of a handler.</summary>
    public static RouteParameter Of(string name, Type type, ICustomAttributeProvider declared)
    {
        var words = declared.GetCustomAttributes(typeof(WordsAttribute), inherit: true).OfType<WordsAttribute>().FirstOrDefault();
        return new(name, Nullable.GetUnderlyingType(type) ?? type, words?.Words, words is { IsList: true });
    }

    /// <summary>The items of a list, which one value holds.</summary>
    public static string[] Split(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Refuses an invalid value. The framework would refuse some of them as well, but without the code of a problem.</summary>
    /// <exception cref="RefusedException">The value is invalid.</exception>
    public void Check(string value)
    {
        foreach (var item in IsList ? Split(value) : [value])
        {
            if (Expected(item) is not { } expected) continue;
            var meant = Words is null ? null : Suggestion.For(item.Trim(), Words);
            throw new RefusedException(Problem.InvalidParameter(Name, item, expected, meant));
        }
    }

    private string? Expected(string value)
    {
        if (Words is not null)
            return string.IsNullOrWhiteSpace(value) || Words.Contains(value.Trim(), StringComparer.OrdinalIgnoreCase)
                ? null
                : string.Join(" or ", Words) + (IsList ? ", separated by commas" : "");
        if (Type == typeof(int))
            return int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "a whole number";
        return Type == typeof(bool) && !bool.TryParse(value, out _) ? "true or false" : null;
    }
}
