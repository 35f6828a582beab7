using System.Net.Mime;
using Relo.Api.Http.Limits;

namespace Relo.Api.Objects;

/// <summary>The response with a stored object and its contents; streamed.</summary>
/// <param name="described">The object.</param>
/// <param name="parts">The parts to send.</param>
/// <param name="isNew">Whether it was created by this request.</param>
internal sealed class ObjectAnswer(DescribedObject described, ObjectParts parts, bool isNew = false) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, document) = (httpContext.Response, described.Document);
        var limit = httpContext.RequestServices.GetRequiredService<ReportLimit>();
        if (parts.AreAll) described.RefuseAbove(limit);
        var body = await limit.MeasureAsync(httpContext, parts.Of(document), described.HeldBytes);
        RequestTimes.IsMade(httpContext);
        response.StatusCode = isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        response.ContentType = MediaTypeNames.Application.Json;
        response.ContentLength = body.LengthBytes;
        if (isNew) response.Headers.Location = document.Url;
        if (parts.NextAddress(document) is { } next) response.Headers.Link = $"<{next}>; rel=\"next\"";
        if (!HttpMethods.IsHead(httpContext.Request.Method)) await body.SendAsync(httpContext);
    }
}
