using System.Globalization;
using System.Reflection;
using Relo.Api.Http.Problems;
using Relo.Api.Spelling;

namespace Relo.Api.Http.Parameters;

/// <summary>One parameter of a route.</summary>
/// <param name="Name">Its name; case-insensitive.</param>
/// <param name="Type">Type of its value.</param>
/// <param name="Words">The allowed values, if there are few.</param>
internal sealed record RouteParameter(string Name, Type Type, IReadOnlyList<string>? Words)
{
    /// <summary>Creates one from a property or an argument of a handler.</summary>
    public static RouteParameter Of(string name, Type type, ICustomAttributeProvider declared)
        => new(name, Nullable.GetUnderlyingType(type) ?? type, declared.GetCustomAttributes(typeof(WordsAttribute), inherit: true)
            .OfType<WordsAttribute>().FirstOrDefault()?.Words);

    /// <summary>Refuses an invalid value. The framework would refuse some too, but without a code of their own.</summary>
    /// <exception cref="RefusedException">The value is invalid.</exception>
    public void Check(string value)
    {
        if (Expected(value) is not { } expected) return;
        var meant = Words is null ? null : Meant.By(value.Trim(), Words);
        throw new RefusedException(Problem.InvalidParameter(Name, value, expected, meant));
    }

    private string? Expected(string value)
    {
        if (Words is not null)
            return string.IsNullOrWhiteSpace(value) || Words.Contains(value.Trim(), StringComparer.OrdinalIgnoreCase)
                ? null
                : string.Join(" or ", Words);
        if (Type == typeof(int))
            return int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "a whole number";
        return Type == typeof(bool) && !bool.TryParse(value, out _) ? "true or false" : null;
    }
}
