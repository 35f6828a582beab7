using Microsoft.Extensions.Options;
using Relo.Api.Http;
using Relo.Api.Http.Problems;

namespace Relo.Api.Access;

/// <summary>
/// Refuses requests that a page of another site makes a browser send: a form can POST to any address, and without keys it could move a
/// tag. Browsers send the origin of a request, which a page cannot change; curl and other clients send none and are allowed. The rules
/// follow Go's <c>http.CrossOriginProtection</c>, and also compare the scheme and, if Sec-Fetch-Site is same-site, the origin.
/// </summary>
internal sealed class CrossSiteCheck(RequestDelegate next, IOptions<CrossOriginOptions> cors)
{
    // None: the user typed the address.
    private const string SecFetchSite = "Sec-Fetch-Site", SameOrigin = "same-origin", SameSite = "same-site", None = "none";

    private readonly string[] _origins = cors.Value.All;

    /// <summary>Whether a request with this method may change something.</summary>
    public static bool IsUnsafe(string method)
        => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method) && !HttpMethods.IsTrace(method);

    /// <summary>Passes the request on, or refuses it.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        if (!IsUnsafe(http.Request.Method) || IsOfOwnOrigin(http.Request) || IsOfAllowedOrigin(http.Request)) return next(http);
        var (site, origin) = (http.Request.Headers[SecFetchSite].ToString(), http.Request.Headers.Origin.ToString());
        var found = string.Join(" and ", new[] { ("Origin", origin), (SecFetchSite, site) }
            .Where(f => f.Item2.Length > 0).Select(f => $"{f.Item1} is '{f.Item2}'"));
        return new Problem(ProblemKinds.CrossSiteRequest,
            $"{http.Request.Method} {http.Request.Path} comes from a page of another site: {found}, expected the origin of the service or "
                + "one in Cors:Origins").ExecuteAsync(http);
    }

    private static bool IsOfOwnOrigin(HttpRequest request)
    {
        // Browsers send Sec-Fetch-Site to https and to localhost only. It is valid even if a proxy changes the Host.
        var (sites, origins) = (request.Headers[SecFetchSite], request.Headers.Origin);
        if (sites is [SameOrigin or None]) return true;
        if (sites.Count > 0 && sites is not [SameSite]) return false;
        if (origins.Count == 0) return sites.Count == 0; // not a browser
        return origins.Count == 1 && Uri.TryCreate(origins[0], UriKind.Absolute, out var origin) && IsOwn(origin, request);
    }

    // Behind a proxy that terminates TLS the service sees http, so an https origin may be its own. An http origin is not: an attacker may
    // have changed that page.
    private static bool IsOwn(Uri origin, HttpRequest request)
    {
        if (origin.Scheme != Uri.UriSchemeHttps && (origin.Scheme != Uri.UriSchemeHttp || request.IsHttps)) return false;
        return Uri.TryCreate($"{origin.Scheme}://{request.Host.ToUriComponent()}", UriKind.Absolute, out var own)
            && own.Host.Equals(origin.Host, StringComparison.OrdinalIgnoreCase) && own.Port == origin.Port;
    }

    private bool IsOfAllowedOrigin(HttpRequest request) => request.Headers.Origin is [{ } origin]
        && Array.Exists(_origins, allowed => allowed == "*" || allowed.Equals(origin, StringComparison.OrdinalIgnoreCase));
}
