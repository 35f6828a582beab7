namespace Relo.Api.Http.Answers;

/// <summary>As <see cref="Download"/>, for a body that is never in memory as a whole. It has no ranges.</summary>
/// <param name="body">The body, measured.</param>
/// <param name="contentType">Media type.</param>
/// <param name="immutable">Whether the address has only digests in it, so that the answer can never change.</param>
/// <param name="freshFor">How long the answer may be used unasked although it can change.</param>
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
        await Results.Stream(_ => body.SendAsync(httpContext), contentType, entityTag: Download.TagOf(body.Digest)).ExecuteAsync(httpContext);
    }
}
