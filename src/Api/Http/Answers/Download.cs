using Microsoft.Net.Http.Headers;
using Relo.Api.Http.Bodies;
using Relo.Api.Http.Problems;
using Relo.Core.Bytes;

namespace Relo.Api.Http.Answers;

/// <summary>
/// Bytes that are their own identity: the strong ETag is the digest, so <c>If-None-Match</c>, <c>Range</c> and <c>HEAD</c> work as they
/// should, and the digest fields let the client check what arrived.
/// </summary>
/// <param name="bytes">The bytes to send, valid until <paramref name="owner"/> is released.</param>
/// <param name="digest">SHA-256 of the bytes.</param>
/// <param name="contentType">Media type.</param>
/// <param name="fileName">Name to save it as; null for responses that are not saved.</param>
/// <param name="immutable">Whether the address consists of digests, so that the response never changes.</param>
/// <param name="owner">Released after the response.</param>
/// <param name="freshFor">How long caches may use a response without revalidation, if it can change.</param>
internal sealed class Download(ReadOnlyMemory<byte> bytes, Digest digest, string contentType, string? fileName, bool immutable,
    IDisposable? owner = null, TimeSpan? freshFor = null) : IResult
{
    private const string Forever = "public, max-age=31536000, immutable";

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var lease = owner;
        var tag = TagOf(digest);
        using var held = IsKnown(httpContext.Request, tag) ? null : AnswerMemory.Hold(httpContext, bytes);
        Describe(httpContext, digest, immutable, freshFor);
        await Results.Bytes(bytes, contentType, fileName, enableRangeProcessing: true, entityTag: tag).ExecuteAsync(httpContext);
        if (httpContext.Response is { StatusCode: StatusCodes.Status416RangeNotSatisfiable, HasStarted: false })
            await Problem.OfStatus(httpContext, httpContext.Response.StatusCode).ExecuteAsync(httpContext);
    }

    /// <summary>The strong ETag of bytes with this digest.</summary>
    internal static EntityTagHeaderValue TagOf(Digest digest) => new($"\"{digest}\"");

    /// <summary>Sets the fields that caches and clients need, except those that the framework sets.</summary>
    internal static void Describe(HttpContext httpContext, Digest digest, bool immutable, TimeSpan? freshFor)
    {
        RequestTimer.Stop(httpContext);
        var response = httpContext.Response;
        response.Headers.CacheControl = immutable ? Forever : freshFor is { } age ? $"max-age={(long)age.TotalSeconds}" : "no-cache";
        var value = ContentDigest.Value(digest);
        response.Headers[ContentDigest.ReprField] = value;
        response.OnStarting(() =>
        {
            // RFC 9530 §2: Content-Digest covers the content of this message: all of it on 200, none on HEAD and 304, a part on 206, the
            // encoded bytes if compressed.
            if (response.StatusCode == StatusCodes.Status200OK && response.Headers.ContentEncoding.Count == 0
                && !HttpMethods.IsHead(httpContext.Request.Method))
                response.Headers[ContentDigest.Field] = value;
            // RFC 9110 §15.4.5: a client with the cached response also has its other fields.
            if (response.StatusCode == StatusCodes.Status304NotModified)
            {
                response.Headers.Remove(HeaderNames.Link);
                response.Headers.Remove(ContentDigest.ReprField);
            }

            if (!IsOfBytes(response.StatusCode)) Undescribe(response.Headers);
            return Task.CompletedTask;
        });
    }

    private static bool IsOfBytes(int status) =>
        status is StatusCodes.Status200OK or StatusCodes.Status206PartialContent or StatusCodes.Status304NotModified;

    // A failed range or precondition: the response has other bytes, and caches must not keep it as long as these.
    private static void Undescribe(IHeaderDictionary headers)
    {
        headers.Remove(ContentDigest.ReprField);
        headers.Remove(HeaderNames.ETag);
        headers.CacheControl = "no-store";
    }

    // The framework answers 304, without a body (RFC 9110 §13.2.2).
    private static bool IsKnown(HttpRequest request, EntityTagHeaderValue tag)
    {
        var known = request.Headers.IfNoneMatch;
        if (known.Count == 0 || request.Headers.IfMatch.Count > 0) return false;
        return known.Count == 1 && tag.Tag.Equals(known[0], StringComparison.Ordinal)
            || request.GetTypedHeaders().IfNoneMatch.Any(
                one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(tag, useStrongComparison: false));
    }
}
