namespace Relo.Api.Http.Answers;

/// <summary>JSON responses.</summary>
internal static class Answer
{
    /// <summary>200 with a document.</summary>
    public static IResult Ok<T>(T document) => new JsonAnswer<T>(document);

    /// <summary>201 with the created resource.</summary>
    public static IResult Created<T>(string location, T document) => new JsonAnswer<T>(document, StatusCodes.Status201Created, location);
}
