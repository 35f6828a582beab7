using System.Net;

namespace Relo.Archive.Upstream;

/// <summary>
/// Reads the whole response body, up to a cap, before returning the response: so the time limit, the retries and the circuit breaker
/// around it also cover a body that hangs, breaks off or never ends. Bodies of other status codes are not read.
/// </summary>
internal sealed class WholeBody(long mostBytes) : DelegatingHandler
{
    private const int PieceBytes = 64 << 10;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        try
        {
            var body = response.StatusCode == HttpStatusCode.OK
                ? await ReadAsync(response.Content, cancellationToken)
                : ReadOnlyMemory<byte>.Empty;
            response.Content.Dispose();
            response.Content = new ReadOnlyMemoryContent(body);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, CancellationToken ct)
    {
        if (content.Headers.ContentLength is { } announced && announced > mostBytes)
            throw new UpstreamTooLargeException($"it announces {announced} bytes, at most {mostBytes} are accepted");
        using var buffer = new MemoryStream();
        var piece = new byte[PieceBytes];
        try
        {
            await using var body = await content.ReadAsStreamAsync(ct);
            while (await body.ReadAsync(piece, ct) is > 0 and var read)
            {
                if (read > mostBytes - buffer.Length) throw new UpstreamTooLargeException($"it sends more than {mostBytes} bytes");
                buffer.Write(piece, 0, read);
            }
        }
        catch (IOException)
        {
            // The retry strategy handles failed requests, not failed streams.
            throw new HttpRequestException(HttpRequestError.ResponseEnded, $"its response ended early after {buffer.Length} bytes");
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }
}
