using System.Net.Mime;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;
using Relo.Api.Http.Uploads;

namespace Relo.Api.OpenApi;

/// <summary>
/// Methods of the route table that declare what a route accepts and returns. The OpenAPI document is built from these declarations, and
/// <c>RouteEntry</c> reads uploads and checks <c>Accept</c> by them.
/// </summary>
internal static class RouteDescription
{
    /// <summary>The route accepts a body.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, Upload upload) => route.WithMetadata(new TakenUpload(upload));

    /// <summary>The route returns JSON or, if the client requests it, another media type.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder route, params string[] also)
        => route.Produces<T>(StatusCodes.Status200OK, MediaTypeNames.Application.Json, also);

    /// <summary>The route returns 201 for a new resource, 200 for an existing one.</summary>
    public static RouteHandlerBuilder AnswersCreated<T>(this RouteHandlerBuilder route) => route
        .Produces<T>(StatusCodes.Status201Created, MediaTypeNames.Application.Json)
            .Produces<T>(StatusCodes.Status200OK, MediaTypeNames.Application.Json);

    /// <summary>The route returns 204.</summary>
    public static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder route) => route.Produces(StatusCodes.Status204NoContent);

    /// <summary>The route sends bytes that have a digest.</summary>
    public static RouteHandlerBuilder Sends(this RouteHandlerBuilder route, string mediaType) =>
        route.WithMetadata(new SentBytes(mediaType));

    /// <summary>The route sends bytes computed for the request, in one of these media types.</summary>
    public static RouteHandlerBuilder SendsEither(this RouteHandlerBuilder route, string mediaType, params string[] also)
        => route.Produces<byte[]>(StatusCodes.Status200OK, mediaType, also);

    /// <summary>The route can return these problems.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder route, params ReadOnlySpan<ProblemKind> kinds)
        => route.WithMetadata(new PossibleProblems(kinds.ToArray()));
}
