using Microsoft.AspNetCore.Http.Features;

namespace Relo.Api.Http.Bodies;

/// <summary>Puts <see cref="PiecedBody"/> under every response.</summary>
internal static class BodiesInPieces
{
    /// <summary>Adds it to the pipeline, before everything that writes.</summary>
    public static void UseBodiesInPieces(this WebApplication app) => app.Use((http, next) =>
    {
        http.Features.Set<IHttpResponseBodyFeature>(new PiecedBody(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>()));
        return next(http);
    });
}
