namespace Relo.Api.Http;

/// <summary>
/// Security headers of every response: no content sniffing, no framing or loading by pages of other sites, no Referer to them.
/// </summary>
internal static class SafetyHeaders
{
    /// <summary>Adds the headers.</summary>
    public static void Add(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer"; // addresses of the page name objects and kernels
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin"; // does not apply to CORS requests, and so not to pages in Cors:Origins
    }
}
