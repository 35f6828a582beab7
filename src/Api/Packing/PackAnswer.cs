using System.Net.Mime;
using Relo.Api.Http.Answers;

namespace Relo.Api.Packing;

/// <summary>An archive as a response, packed while it is sent: at most one file is in memory at a time.</summary>
/// <param name="mediaType"><c>application/zip</c> or <c>application/gzip</c>, which is a tar.gz.</param>
/// <param name="fileName">Name of the download.</param>
internal abstract class PackAnswer(string mediaType, string fileName) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, gone) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = mediaType;
        response.Headers.CacheControl = "no-cache";
        response.Headers.ContentDisposition = Attachment.Named(fileName);
        await using PackWriter pack = mediaType == MediaTypeNames.Application.Zip
            ? new ZipWriter(response.Body)
            : new TarGzWriter(response.Body);
        try
        {
            await WriteAsync(pack, gone);
        }
        catch
        {
            // An aborted archive must not look complete, and closing it would write its end.
            httpContext.Abort();
            throw;
        }
    }

    /// <summary>Adds the files.</summary>
    protected abstract Task WriteAsync(PackWriter pack, CancellationToken gone);
}
