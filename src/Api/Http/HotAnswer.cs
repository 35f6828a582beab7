using Microsoft.Extensions.Primitives;

namespace Relo.Api.Http;

/// <summary>An answer as it was sent: its fields ready to be copied, its bytes as long as somebody else keeps them.</summary>
/// <param name="etag">The strong ETag, quoted.</param>
/// <param name="headers">The fields of the whole answer, ETag included; without Content-Length and Content-Digest.</param>
/// <param name="contentDigest">Content-Digest of the whole.</param>
/// <param name="bytes">The bytes.</param>
internal sealed class HotAnswer(string etag, KeyValuePair<string, StringValues>[] headers, StringValues contentDigest, byte[] bytes)
{
    // Fields about bytes that are not sent go without saying (RFC 9110 §15.4.5), as with the framework's own 304.
    private readonly KeyValuePair<string, StringValues>[] _notModified =
        [.. headers.Where(h => h.Key is not ("Content-Type" or "Content-Disposition" or "Accept-Ranges"))];

    private readonly WeakReference<byte[]> _bytes = new(bytes);
    private readonly int _length = bytes.Length;

    /// <summary>Writes the answer that the request asks for; null where that takes more than what is here.</summary>
    public Task? TryBegin(HttpContext http)
    {
        var (response, wanted) = (http.Response, http.Request.Headers.IfNoneMatch);
        if (wanted.Count > 0)
        {
            if (wanted is not [{ } one] || !string.Equals(one, etag, StringComparison.Ordinal)) return null;
            response.StatusCode = StatusCodes.Status304NotModified;
            Copy(_notModified, response.Headers);
            return Task.CompletedTask;
        }

        if (!_bytes.TryGetTarget(out var body)) return null;
        Copy(headers, response.Headers);
        response.ContentLength = _length;
        if (HttpMethods.IsHead(http.Request.Method)) return Task.CompletedTask;
        response.Headers[ContentDigest.Field] = contentDigest;
        return response.Body.WriteAsync(body, 0, _length, http.RequestAborted);
    }

    private static void Copy(KeyValuePair<string, StringValues>[] from, IHeaderDictionary to)
    {
        foreach (var (name, value) in from) to[name] = value;
    }
}
