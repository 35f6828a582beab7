using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using Relo.Api.Http.Bodies;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Uploads;

/// <summary>The body of a request as it is sent: limited, and checked against <c>Content-Digest</c> while it is read.</summary>
internal static class RequestBody
{
    // The largest buffer that Content-Length alone can allocate. For a larger body the buffer grows as the bytes arrive.
    private const long MostClaimed = 1 << 20;

    private const int DiscardBytes = 64 << 10;

    /// <summary>A stream over the body.</summary>
    /// <param name="http">The request.</param>
    /// <param name="limitBytes">The largest body; a larger one is <c>body-too-large</c>.</param>
    public static Stream Open(HttpContext http, long limitBytes)
    {
        // Kestrel enforces the limit, for chunked bodies too, and refuses a larger Content-Length before it reads a byte.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = limitBytes;
        var digests = http.Request.Headers[ContentDigest.Field];
        var body = new ClientStream(http.Request.Body);
        try
        {
            return digests.Count == 0 ? body : new DigestCheckingStream(body, digests);
        }
        catch (FormatException e)
        {
            throw new RefusedException(Problem.InvalidBody($"{ContentDigest.Field}: {e.Message}"), e);
        }
    }

    /// <summary>Reads the whole body into memory.</summary>
    /// <param name="http">The request.</param>
    /// <param name="limitBytes">The largest body.</param>
    /// <param name="setting">Name of the setting of the limit, for the message.</param>
    /// <param name="share">The request's share of the memory for uploads.</param>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http, long limitBytes, string setting, BodyShare share)
    {
        var body = Open(http, limitBytes);
        var isAwaited = http.Request.Headers.Expect.Count > 0;
        try
        {
            // Before the body is read, so that a client that waits for 100 (Continue), as curl does, never sends what is refused.
            if (http.Request.ContentLength is { } length && length <= limitBytes) share.Check(length);
            isAwaited = false;
            return http.Request.ContentLength is > 0 and <= MostClaimed and var claimed
                ? await ReadAsync(body, share.Array(claimed), http.RequestAborted)
                // a large Content-Length alone allocates nothing
                : await new BodyBuffer(share, Math.Min(limitBytes, http.Request.ContentLength ?? limitBytes))
                    .FillAsync(body, http.RequestAborted);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new RefusedException(Problem.BodyTooLarge("the body", limitBytes, setting), e);
        }
        catch (RefusedException) when (!isAwaited)
        {
            share.Dispose(); // other uploads may have the memory meanwhile
            await DiscardAsync(http);
            throw;
        }
    }

    /// <summary>
    /// Receives the rest of a body that is refused, because most clients send the whole body before they read the response. Kestrel itself
    /// would receive it for only 5 s and then close the connection, and the client would see a broken connection instead of the problem.
    /// The limit of the body still applies, so a client cannot send without end.
    /// </summary>
    public static async Task DiscardAsync(HttpContext http)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(DiscardBytes);
        try
        {
            while (await http.Request.Body.ReadAsync(buffer, http.RequestAborted) > 0)
            {
            }
        }
        catch (Exception e) when (e is IOException or BadHttpRequestException or OperationCanceledException)
        {
            // The client has left or sent more than the limit; the refusal remains.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The length is known: read straight into the final array.
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, byte[] bytes, CancellationToken gone)
    {
        for (var filled = 0; filled < bytes.Length;)
        {
            var read = await body.ReadAsync(bytes.AsMemory(filled), gone);
            if (read == 0) return bytes.AsMemory(0, filled);
            filled += read;
        }

        // Reading the end runs the check.
        if (body is DigestCheckingStream) await body.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, gone);
        return bytes;
    }
}
