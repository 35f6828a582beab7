using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Parameters;

/// <summary>The parameter <c>limit</c> of lists.</summary>
internal static class PageSize
{
    /// <summary>The value without the parameter.</summary>
    public const int Default = 100;

    private const int Max = 1000;

    /// <summary>The largest number of items on a page.</summary>
    /// <exception cref="RefusedException">It is outside its range.</exception>
    public static int Of(int? limit) => limit is < 1 or > Max
        ? throw new RefusedException(Problem.InvalidParameter("limit", $"{limit}", $"1 to {Max}"))
        : limit ?? Default;
}
