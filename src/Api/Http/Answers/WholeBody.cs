using Relo.Api.Http.Bodies;
using Relo.Core.Bytes;

namespace Relo.Api.Http.Answers;

/// <summary>Sends a body computed for one request, with its length and digest.</summary>
internal static class WholeBody
{
    /// <summary>Sends the body.</summary>
    /// <param name="http">The request.</param>
    /// <param name="body">The body.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="contentType">Media type.</param>
    /// <param name="fileName">Name to save it as; null for responses that are not saved.</param>
    public static async Task SendAsync(HttpContext http, ReadOnlyMemory<byte> body, Digest digest, string contentType, string? fileName)
    {
        using var held = AnswerMemory.Hold(http, body);
        RequestTimer.Stop(http);
        var response = http.Response;
        response.ContentType = contentType;
        if (fileName is not null) response.Headers.ContentDisposition = Attachment.Named(fileName);
        response.ContentLength = body.Length;
        response.Headers[ContentDigest.Field] = ContentDigest.Value(digest);
        await response.Body.WriteAsync(body, http.RequestAborted);
    }
}
