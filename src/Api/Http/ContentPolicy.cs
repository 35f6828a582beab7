namespace Relo.Api.Http;

/// <summary>
/// The Content-Security-Policy of the service's pages: a browser may load and run only the service's own files. No script
/// or style inside a page is allowed, so markup in the name of an uploaded object never runs, even if a page fails to escape it.
/// </summary>
internal static class ContentPolicy
{
    /// <summary>The page and the explanations of problems.</summary>
    public const string Page = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " + Closed;

    /// <summary>
    /// Swagger UI: its style sheet embeds images as data, its downloads are blobs, and its logo has a style element, which is allowed by
    /// its hash.
    /// </summary>
    public const string Swagger = "default-src 'none'; script-src 'self'; style-src 'self' "
        + "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='; img-src 'self' data: blob:; font-src 'self' data:; "
        + "connect-src 'self'; " + Closed;

    private const string Closed = "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>Sets the policy of a document; other responses run no scripts anyway.</summary>
    public static void Apply(HttpResponse response)
    {
        if (response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) != true) return;
        response.Headers.ContentSecurityPolicy = response.HttpContext.Request.Path.StartsWithSegments("/swagger") ? Swagger : Page;
    }
}
