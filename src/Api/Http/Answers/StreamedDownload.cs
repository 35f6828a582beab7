using Relo.Api.Http.Bodies;

namespace Relo.Api.Http.Answers;

/// <summary>Like <see cref="Download"/>, for a streamed body; without ranges.</summary>
/// <param name="body">The body, measured.</param>
/// <param name="contentType">Media type.</param>
/// <param name="immutable">Whether the address consists of digests, so that the response never changes.</param>
/// <param name="freshFor">How long caches may use a response that can change without revalidating it.</param>
internal sealed class StreamedDownload(StreamedBody body, string contentType, bool immutable, TimeSpan? freshFor = null) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        Download.Describe(httpContext, body.Digest, immutable, freshFor);
        response.ContentLength = body.LengthBytes;
        response.OnStarting(() =>
        {
            if (response.StatusCode != StatusCodes.Status200OK) response.ContentLength = null; // 304 and 412 have no body
            return Task.CompletedTask;
        });
        await Results.Stream(_ => body.SendAsync(httpContext), contentType, entityTag: Download.TagOf(body.Digest))
            .ExecuteAsync(httpContext);
    }
}
