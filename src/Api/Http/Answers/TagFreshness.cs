using Microsoft.Net.Http.Headers;

namespace Relo.Api.Http.Answers;

/// <summary>
/// How old a tag in a response may be. A node remembers a tag for a second, in which another node may move it (RFC 9111 §5.1, §5.2.1).
/// </summary>
internal static class TagFreshness
{
    /// <summary>Whether the client wants the tag as it is now: <c>Cache-Control: no-cache</c> or <c>max-age=0</c>.</summary>
    public static bool IsWanted(HttpRequest request) => request.Headers.CacheControl.Count > 0
        && CacheControlHeaderValue.TryParse(request.Headers.CacheControl.ToString(), out var wanted)
        && (wanted.NoCache || wanted.MaxAge == TimeSpan.Zero);

    /// <summary>Sets <c>Age</c>, in whole seconds and rounded up.</summary>
    /// <param name="response">A response about the object of a tag.</param>
    /// <param name="isRemembered">Whether the node had read the tag before the request.</param>
    public static void Tell(HttpResponse response, bool isRemembered) => response.Headers.Age = isRemembered ? "1" : "0";
}
