using System.Net.Mime;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;
using Relo.Api.Http.Uploads;

namespace Relo.Api.OpenApi;

/// <summary>
/// Words of the route table that say what a route takes and answers: the OpenAPI document is made of them, and RouteEntry goes by them.
/// </summary>
internal static class RouteDescription
{
    /// <summary>It takes a body.</summary>
    public static RouteHandlerBuilder Takes(this RouteHandlerBuilder route, Upload upload) => route.WithMetadata(new TakenUpload(upload));

    /// <summary>It answers with JSON, and where the client asks for them, in other media types.</summary>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder route, params string[] also)
        => route.Produces<T>(StatusCodes.Status200OK, MediaTypeNames.Application.Json, also);

    /// <summary>It answers 201 with what is new, 200 with what was there.</summary>
    public static RouteHandlerBuilder AnswersCreated<T>(this RouteHandlerBuilder route) => route
        .Produces<T>(StatusCodes.Status201Created, MediaTypeNames.Application.Json).Produces<T>(StatusCodes.Status200OK, MediaTypeNames.Application.Json);

    /// <summary>It answers 204.</summary>
    public static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder route) => route.Produces(StatusCodes.Status204NoContent);

    /// <summary>It sends bytes that have a digest.</summary>
    public static RouteHandlerBuilder Sends(this RouteHandlerBuilder route, string mediaType) =>
        route.WithMetadata(new SentBytes(mediaType));

    /// <summary>It sends bytes made for the request, in one of these media types.</summary>
    public static RouteHandlerBuilder SendsEither(this RouteHandlerBuilder route, string mediaType, params string[] also)
        => route.Produces<byte[]>(StatusCodes.Status200OK, mediaType, also);

    /// <summary>It can answer these problems.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder route, params ReadOnlySpan<ProblemKind> kinds)
        => route.WithMetadata(new PossibleProblems(kinds.ToArray()));
}
