using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Relo.Api.Http.Hot;

/// <summary>An answer as it was sent: its fields ready to be copied, its bytes as long as somebody else keeps them.</summary>
/// <param name="etag">The strong ETag, quoted.</param>
/// <param name="headers">The fields of the whole answer, ETag included; without Content-Length and Content-Digest.</param>
/// <param name="contentDigest">Content-Digest of the whole.</param>
/// <param name="bytes">The bytes.</param>
internal sealed class HotAnswer(string etag, KeyValuePair<string, StringValues>[] headers, StringValues contentDigest, byte[] bytes)
{
    private readonly KeyValuePair<string, StringValues>[] _whole = [.. headers, new(ContentDigest.Field, contentDigest)];

    // Fields about bytes that are not sent go without saying (RFC 9110 §15.4.5), as with the framework's own 304.
    private readonly KeyValuePair<string, StringValues>[] _notModified =
        [.. headers.Where(h => h.Key is not ("Content-Type" or "Content-Disposition" or "Accept-Ranges" or "Link" or ContentDigest.ReprField))];

    private readonly WeakReference<byte[]> _bytes = new(bytes);

    /// <summary>What to answer the request with; null where that takes more than what is here.</summary>
    public HotReply? ReplyTo(IHttpRequestFeature request)
    {
        var wanted = request.Headers.IfNoneMatch;
        if (wanted.Count > 0) return wanted is [{ } one] && string.Equals(one, etag, StringComparison.Ordinal) ? new HotReply(_notModified, null, 0) : null;
        if (!_bytes.TryGetTarget(out var body)) return null;
        return HttpMethods.IsHead(request.Method) ? new HotReply(headers, null, body.Length) : new HotReply(_whole, body, body.Length);
    }

    /// <summary>The <c>304</c> as it goes over the wire, for HTTP/1.1.</summary>
    public byte[] NotModifiedBytes(DateTimeOffset now)
    {
        var head = new StringBuilder("HTTP/1.1 304 Not Modified\r\n").Append(CultureInfo.InvariantCulture, $"Date: {now:R}\r\n");
        foreach (var (name, value) in _notModified) head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }
}

/// <summary>A hot answer to one request.</summary>
/// <param name="Headers">Its fields, without Content-Length.</param>
/// <param name="Body">Its bytes, where any are sent.</param>
/// <param name="Length">Content-Length; 0 where the client has the answer already.</param>
internal readonly record struct HotReply(KeyValuePair<string, StringValues>[] Headers, byte[]? Body, int Length)
{
    /// <summary>What it is taken from.</summary>
    public KeptAnswer? Source { get; init; }

    /// <summary>Whether the client has the answer already.</summary>
    public bool IsNotModified => Length == 0;

    /// <summary>Sends it by the server's means.</summary>
    public Task SendAsync(IFeatureCollection server)
    {
        var response = server.GetRequiredFeature<IHttpResponseFeature>();
        foreach (var (name, value) in Headers) response.Headers[name] = value;
        if (IsNotModified) response.StatusCode = StatusCodes.Status304NotModified;
        else response.Headers.ContentLength = Length;
        // A client that hangs up ends the writing by itself.
        return Body is null ? Task.CompletedTask : server.GetRequiredFeature<IHttpResponseBodyFeature>().Stream.WriteAsync(Body, 0, Length, CancellationToken.None);
    }
}
