using System.Net.Mime;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Uploads;
using Relo.Core.Bytes;

namespace Relo.Api.MinimalBtf;

/// <summary>Minimal BTF of one kernel, with its digest as the strong ETag.</summary>
internal sealed class MinimalBtfAnswer(ReadOnlyMemory<byte> btf, string fileName) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var digest = Digest.Of(btf.Span);
        response.ContentType = MediaTypeNames.Application.Octet;
        response.ContentLength = btf.Length;
        response.Headers.CacheControl = "no-cache";
        response.Headers.ETag = $"\"{digest}\"";
        response.Headers[ContentDigest.Field] = ContentDigest.Value(digest);
        response.Headers.ContentDisposition = Attachment.Named(fileName);
        await response.Body.WriteAsync(btf, httpContext.RequestAborted);
    }
}
