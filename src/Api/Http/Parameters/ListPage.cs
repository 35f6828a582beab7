using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Parameters;

/// <summary>A page of one of the lists in a document.</summary>
/// <param name="Limit">The largest number of items.</param>
/// <param name="Skipped">The number of items on earlier pages.</param>
internal sealed record ListPage(int Limit, int Skipped)
{
    private const int MaxLimit = 1000;

    /// <summary>Reads <c>relocationsLimit</c> and <c>relocationsAfter</c>.</summary>
    /// <returns>Null if the client requests no page.</returns>
    /// <exception cref="RefusedException">One of them is out of its range.</exception>
    public static ListPage? Parse(int? limit, string? after)
    {
        if (limit is < 1 or > MaxLimit)
            throw new RefusedException(Problem.InvalidParameter("relocationsLimit", $"{limit}", $"1 to {MaxLimit}"));
        var skipped = 0;
        if (!string.IsNullOrEmpty(after) && (!int.TryParse(after, out skipped) || skipped < 0))
            throw new RefusedException(Problem.InvalidParameter("relocationsAfter", after, "the value from the Link of the previous page"));
        return limit is null && skipped == 0 ? null : new(limit ?? MaxLimit, skipped);
    }

    /// <summary>The items on the page.</summary>
    public IEnumerable<T> Of<T>(IReadOnlyList<T> all)
    {
        for (var i = Skipped; i < Skipped + (long)Limit && i < all.Count; i++) yield return all[i];
    }

    /// <summary><c>relocationsAfter</c> of the next page; null at the end.</summary>
    public string? NextOf<T>(IReadOnlyList<T> all) => Skipped + (long)Limit < all.Count
        ? (Skipped + Limit).ToString(System.Globalization.CultureInfo.InvariantCulture)
        : null;
}
