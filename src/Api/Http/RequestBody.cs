using Microsoft.AspNetCore.Http.Features;

namespace Relo.Api.Http;

/// <summary>The body of a request as it is sent: limited, and checked against <c>Content-Digest</c> while it is read.</summary>
internal static class RequestBody
{
    /// <summary>A stream over the body.</summary>
    /// <param name="http">The request.</param>
    /// <param name="limitBytes">How much is read at most; more is <c>body-too-large</c>.</param>
    public static Stream Open(HttpContext http, long limitBytes)
    {
        // Kestrel counts for us, also chunked bodies, and refuses a too large Content-Length before a byte is read.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limitBytes;
        var digests = http.Request.Headers[ContentDigest.Field];
        try
        {
            return digests.Count == 0 ? http.Request.Body : new DigestCheckingStream(http.Request.Body, digests);
        }
        catch (FormatException e)
        {
            throw new RefusedException(Problems.InvalidBody($"{ContentDigest.Field}: {e.Message}"), e);
        }
    }

    /// <summary>The whole body in memory.</summary>
    /// <param name="http">The request.</param>
    /// <param name="limitBytes">How much is read at most.</param>
    /// <param name="setting">Name of the setting behind the limit, for the message.</param>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http, long limitBytes, string setting)
    {
        // Grows with what arrives: a claimed Content-Length alone allocates nothing.
        using var buffer = new MemoryStream();
        try
        {
            await Open(http, limitBytes).CopyToAsync(buffer, http.RequestAborted);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RefusedException(Problems.BodyTooLarge("the body", limitBytes, setting), e);
        }

        return buffer.TryGetBuffer(out var bytes) ? bytes : buffer.ToArray();
    }
}
