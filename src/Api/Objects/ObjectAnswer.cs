using System.Net.Mime;
using Relo.Api.Http;
using Relo.Api.Http.Bodies;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Objects;

/// <summary>The response with a stored object and its contents; streamed.</summary>
/// <param name="described">The object.</param>
/// <param name="parts">The parts to send.</param>
/// <param name="isNew">
/// Whether this request created it; null if it stored nothing. The response of a request that stored something was admitted before, and is
/// not refused any more.
/// </param>
internal sealed class ObjectAnswer(DescribedObject described, ObjectParts parts, bool? isNew = null) : IResult
{
    /// <summary>Measures the response, and takes the memory for it until it is complete.</summary>
    /// <exception cref="RefusedException"><c>report-too-large</c>, or <c>too-many-requests</c> if other responses hold the
    /// memory.</exception>
    public static Task<StreamedBody> AdmitAsync(HttpContext http, DescribedObject described, ObjectParts parts)
    {
        var limit = http.RequestServices.GetRequiredService<ReportLimit>();
        if (parts.AreAll) described.RefuseAbove(limit);
        return limit.MeasureAsync(http, parts.Of(described.Document), described.HeldBytes);
    }

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, document) = (httpContext.Response, described.Document);
        var body = isNew is null
            ? await AdmitAsync(httpContext, described, parts)
            : await StreamedBody.MeasureJsonAsync(httpContext.Request, parts.Of(document), long.MaxValue, httpContext.RequestAborted);
        RequestTimer.Stop(httpContext);
        response.StatusCode = isNew == true ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        response.ContentType = MediaTypeNames.Application.Json;
        response.ContentLength = body.LengthBytes;
        if (isNew == true) response.Headers.Location = document.Url;
        if (parts.NextAddress(document) is { } next) response.Headers.Link = $"<{next}>; rel=\"next\"";
        if (!HttpMethods.IsHead(httpContext.Request.Method)) await body.SendAsync(httpContext);
    }
}
