namespace Relo.Api.Http;

/// <summary>What every answer tells a browser: that it is what it says it is, belongs to no other site's page, and that nobody else is to know it was asked for.</summary>
internal static class SafetyHeaders
{
    /// <summary>Adds them.</summary>
    public static void Add(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin"; // scripts of the origins of Cors:Origins ask by CORS, for which this does not count
    }
}
