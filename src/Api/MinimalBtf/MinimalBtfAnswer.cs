using System.Net.Mime;
using Relo.Api.Http.Answers;
using Relo.Core.Bytes;

namespace Relo.Api.MinimalBtf;

/// <summary>Minimal BTF of one kernel, with its digest as the strong ETag.</summary>
internal sealed class MinimalBtfAnswer(ReadOnlyMemory<byte> btf, string fileName) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var digest = Digest.Of(btf.Span);
        httpContext.Response.Headers.CacheControl = "no-cache";
        httpContext.Response.Headers.ETag = $"\"{digest}\"";
        return WholeBody.SendAsync(httpContext, btf, digest, MediaTypeNames.Application.Octet, fileName);
    }
}
