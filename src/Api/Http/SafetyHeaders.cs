namespace Relo.Api.Http;

/// <summary>What every answer tells a browser: do not guess its type, do not show or load it in a page of another site, do not send its address to others.</summary>
internal static class SafetyHeaders
{
    /// <summary>Adds them.</summary>
    public static void Add(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin"; // does not apply to CORS requests, and so not to pages in Cors:Origins
    }
}
