using System.Net.Mime;
using Relo.Api.Http.Answers;
using Relo.Core.Bytes;

namespace Relo.Api.Relocations;

/// <summary>The answer to POST /v1/relocations: the report, the object, or both in a zip file.</summary>
/// <param name="made">The relocation.</param>
/// <param name="form">The media type of the answer.</param>
/// <param name="name">Name of the object.</param>
/// <param name="withObject">Whether the report has the object in it.</param>
internal sealed class RelocationAnswer(MadeRelocation made, string form, string? name, bool withObject) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        headers.CacheControl = "no-cache";
        var file = ObjectName.FileName(name, made.Object);
        switch (form)
        {
            case MediaTypeNames.Application.Octet:
                if (made.ReportUrl is { } described) headers.Link = $"<{described}>; rel=\"describedby\"";
                headers.ETag = $"\"{made.PatchedDigest}\"";
                await SendAsync(httpContext, made.Patched, made.PatchedDigest, file);
                break;
            case MediaTypeNames.Application.Zip:
                if (made.ReportUrl is { } ofReport) headers.Link = $"<{ofReport}>; rel=\"describedby\"";
                var zip = await RelocationZip.WriteAsync(file, made.Patched, Report(httpContext), httpContext.RequestAborted);
                await SendAsync(httpContext, zip, Digest.Of(zip.Span), Path.ChangeExtension(file, ".zip"));
                break;
            default:
                var report = Report(httpContext);
                await SendAsync(httpContext, report, Digest.Of(report), null);
                break;
        }
    }

    private byte[] Report(HttpContext http) => ApiJson.Write(http.Request, ReportDocument.Of(made, name, withObject));

    private Task SendAsync(HttpContext http, ReadOnlyMemory<byte> body, Digest digest, string? fileName) => WholeBody.SendAsync(http, body, digest, form, fileName);
}
