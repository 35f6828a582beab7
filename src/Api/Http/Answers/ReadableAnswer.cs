using Relo.Api.Http.Bodies;
using Relo.Core.Report;

namespace Relo.Api.Http.Answers;

/// <summary>A short report for people.</summary>
/// <param name="report">The report.</param>
/// <param name="form">A media type of <see cref="ReadableForms"/>.</param>
internal sealed class ReadableAnswer(ReadableReport report, string form) : IResult
{
    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = ReadableForms.ContentType(form);
        httpContext.Response.Headers.CacheControl = "no-cache";
        return StreamedBody.WriteLinesAsync(ReadableForms.Lines(report, form), httpContext.Response.Body, httpContext.RequestAborted);
    }
}
