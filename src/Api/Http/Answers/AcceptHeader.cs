using Microsoft.Net.Http.Headers;

namespace Relo.Api.Http.Answers;

/// <summary>Chooses among the media types a route can answer in (RFC 9110 §12.5.1).</summary>
internal static class AcceptHeader
{
    /// <summary>The offer with the highest preference, the first among equals; null if the client accepts none.</summary>
    /// <param name="request">The request. Without an Accept field it accepts everything; with fields that name no media type,
    /// nothing.</param>
    /// <param name="offers">Media types, the default first.</param>
    public static string? Choose(HttpRequest request, params ReadOnlySpan<string> offers)
    {
        var ranges = request.GetTypedHeaders().Accept;
        if (ranges.Count == 0) return string.IsNullOrWhiteSpace(request.Headers.Accept) ? offers[0] : null;

        string? best = null;
        var bestQuality = 0.0;
        foreach (var offer in offers)
        {
            var quality = Quality(ranges, new MediaTypeHeaderValue(offer));
            if (quality > bestQuality) (best, bestQuality) = (offer, quality);
        }

        return best;
    }

    // The most specific range decides, so that "application/json;q=0, */*" excludes JSON.
    private static double Quality(IList<MediaTypeHeaderValue> ranges, MediaTypeHeaderValue offer)
    {
        MediaTypeHeaderValue? decisive = null;
        foreach (var range in ranges)
        {
            if (Matches(range, offer) && (decisive is null || Specificity(range) > Specificity(decisive))) decisive = range;
        }

        return decisive is null ? 0 : decisive.Quality ?? 1;
    }

    private static bool Matches(MediaTypeHeaderValue range, MediaTypeHeaderValue offer)
        => range.MatchesAllTypes
           || (range.MatchesAllSubTypes
               ? range.Type.Equals(offer.Type, StringComparison.OrdinalIgnoreCase)
               : range.MediaType.Equals(offer.MediaType, StringComparison.OrdinalIgnoreCase));

    private static int Specificity(MediaTypeHeaderValue range) => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
}
