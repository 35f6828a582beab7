using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Relo.Api.Http.Problems;
using Relo.Api.OpenApi;

namespace Relo.Api.Http.Answers;

/// <summary>On a route: the media types it can answer in, the default first, as the route table describes them.</summary>
internal sealed record OfferedForms(IReadOnlyList<string> MediaTypes)
{
    /// <summary>Of what is said about a route; null where it answers with nothing.</summary>
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

    /// <summary>Chooses by Accept, for <see cref="Chosen"/>.</summary>
    /// <exception cref="RefusedException">Accept names none of them.</exception>
    public void Choose(HttpContext http)
    {
        if (MediaTypes.Count > 1 || ApiJson.IsJson(MediaTypes[0])) http.Response.Headers.Vary = "Accept";
        var chosen = AcceptHeader.Choose(http.Request, [.. MediaTypes]) ?? throw new RefusedException(Problem.NotAcceptable(http.Request, [.. MediaTypes]));
        http.Features.Set(new ChosenForm(chosen));
    }

    /// <summary>The media type that was chosen for this request.</summary>
    public static string Chosen(HttpContext http) => http.Features.GetRequiredFeature<ChosenForm>().MediaType;

    private sealed record ChosenForm(string MediaType);
}
