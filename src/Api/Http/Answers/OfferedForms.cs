using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Relo.Api.Http.Json;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Answers;

/// <summary>The media types of a route's responses, the default first, from the route's metadata.</summary>
internal sealed record OfferedForms(IReadOnlyList<string> MediaTypes)
{
    /// <summary>Reads the media types from a route's metadata; null if its responses have no body.</summary>
    public static OfferedForms? Of(IEnumerable<object> metadata)
    {
        var types = metadata.SelectMany(said => said switch
        {
            SentBytes sent => [sent.MediaType],
            IProducesResponseTypeMetadata { StatusCode: >= 200 and < 300 } answer => answer.ContentTypes,
            _ => [],
        }).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return types.Count == 0 ? null : new(types);
    }

    /// <summary>Chooses a media type by Accept; <see cref="Chosen"/> returns it.</summary>
    /// <exception cref="RefusedException">Accept allows none of them.</exception>
    public void Choose(HttpContext http)
    {
        if (MediaTypes.Count > 1 || ApiJson.IsJson(MediaTypes[0])) http.Response.Headers.Vary = "Accept";
        var chosen = AcceptHeader.Choose(http.Request, [.. MediaTypes])
            ?? throw new RefusedException(Problem.NotAcceptable(http.Request, [.. MediaTypes]));
        http.Features.Set(new ChosenForm(chosen));
    }

    /// <summary>The media type that was chosen for this request.</summary>
    public static string Chosen(HttpContext http) => http.Features.GetRequiredFeature<ChosenForm>().MediaType;

    private sealed record ChosenForm(string MediaType);
}
