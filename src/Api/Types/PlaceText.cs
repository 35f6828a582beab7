using System.Globalization;
using Relo.Api.Http.Problems;
using Relo.Core.Layouts;

namespace Relo.Api.Types;

/// <summary>Where a search continues, as text for <c>after</c> and <c>next</c>: <c>1207.3</c>.</summary>
internal static class PlaceText
{
    /// <summary>The text; null at the end.</summary>
    public static string? Of(SearchPlace? place) =>
        place is { } at ? string.Create(CultureInfo.InvariantCulture, $"{at.Id}.{at.Part}") : null;

    /// <summary>Reads it; <paramref name="first"/> without one.</summary>
    /// <exception cref="RefusedException">It is not <c>next</c> of a page.</exception>
    public static SearchPlace Parse(string? after, SearchPlace first)
    {
        if (string.IsNullOrEmpty(after)) return first;
        return after.Split('.') is [var id, var part] && uint.TryParse(id, CultureInfo.InvariantCulture, out var type)
            && int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            ? new(type, from)
            : throw new RefusedException(Problem.InvalidParameter("after", after, "next of the previous page"));
    }
}
