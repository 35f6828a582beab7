using System.Net.Mime;
using Relo.Api.Http.Answers;

namespace Relo.Api.Packing;

/// <summary>An archive as an answer, made while it is sent: what waits for the client in memory is one file, however many there are.</summary>
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
        await using PackWriter pack = mediaType == MediaTypeNames.Application.Zip ? new ZipWriter(response.Body) : new TarGzWriter(response.Body);
        try
        {
            await WriteAsync(pack, gone);
        }
        catch
        {
            // What ends early must not look whole: closing the archive would write its end.
            httpContext.Abort();
            throw;
        }
    }

    /// <summary>Adds the files.</summary>
    protected abstract Task WriteAsync(PackWriter pack, CancellationToken gone);
}
