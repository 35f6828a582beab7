using System.Net.Mime;
using Relo.Api.Http;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Bodies;
using Relo.Api.Http.Limits;
using Relo.Api.Inputs;
using Relo.Core.Bytes;

namespace Relo.Api.Relocations;

/// <summary>The response to POST /v1/relocations: the report, the object, or both in a zip file.</summary>
/// <param name="made">The relocation.</param>
/// <param name="form">The media type of the response.</param>
/// <param name="name">Name of the object.</param>
/// <param name="parts">The parts of the report.</param>
internal sealed class RelocationAnswer(CompletedRelocation made, string form, string? name, ReportParts parts) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.CacheControl = "no-cache";
        return form switch
        {
            MediaTypeNames.Application.Octet => SendObjectAsync(httpContext),
            MediaTypeNames.Application.Zip => SendZipAsync(httpContext),
            _ when ReadableForms.Has(form) => SendReadableAsync(httpContext),
            _ => SendReportAsync(httpContext),
        };
    }

    private async Task SendObjectAsync(HttpContext http)
    {
        LinkToReport(http);
        http.Response.Headers.ETag = $"\"{made.PatchedDigest}\"";
        await WholeBody.SendAsync(http, made.PatchedBytes, made.PatchedDigest, form, ObjectName.FileName(name, made.Object));
    }

    private async Task SendZipAsync(HttpContext http)
    {
        LinkToReport(http);
        var report = await ReportBody.MeasureAsync(http, made, name, parts);
        // The memory of a small report is no longer counted, but the object stays in memory until the client has it.
        if (report.LengthBytes <= PiecedBody.PieceBytes) http.RequestServices.GetRequiredService<ReportLimit>().Hold(http, made.HeldBytes);
        var file = ObjectName.FileName(name, made.Object);
        var zip = await StreamedBody.MeasureAsync(
            (output, stop) => RelocationZip.WriteAsync(output, file, made.PatchedBytes, report, stop), long.MaxValue, http.RequestAborted);
        Describe(http, zip.LengthBytes, zip.Digest, Path.ChangeExtension(file, ".zip"));
        await zip.SendAsync(http);
    }

    private async Task SendReportAsync(HttpContext http)
    {
        var report = await ReportBody.MeasureAsync(http, made, name, parts);
        Describe(http, report.LengthBytes, report.Digest, null);
        await report.SendAsync(http);
    }

    private async Task SendReadableAsync(HttpContext http)
    {
        var report = await ReportBody.MeasureReadableAsync(http, made, name, form);
        LinkToReport(http);
        Describe(http, report.LengthBytes, report.Digest, null);
        http.Response.ContentType = ReadableForms.ContentType(form);
        await report.SendAsync(http);
    }

    private void LinkToReport(HttpContext http)
    {
        if (made.Addresses?.Report is { } report) http.Response.Headers.Append("Link", $"<{report}>; rel=\"describedby\"");
    }

    private void Describe(HttpContext http, long lengthBytes, Digest digest, string? fileName)
    {
        var response = http.Response;
        RequestTimer.Stop(http);
        response.ContentType = form;
        if (fileName is not null) response.Headers.ContentDisposition = Attachment.Named(fileName);
        response.ContentLength = lengthBytes;
        response.Headers[ContentDigest.Field] = ContentDigest.Value(digest);
    }
}
