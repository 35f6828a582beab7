using System.Net.Mime;
using Relo.Api.Http.Json;

namespace Relo.Api.Http.Answers;

/// <summary>A document as JSON with a final newline, indented for people (<see cref="ApiJson.IsForReading"/>).</summary>
/// <param name="document">The document.</param>
/// <param name="status">HTTP status.</param>
/// <param name="location">Address of the created resource; null if nothing was created.</param>
internal sealed class JsonAnswer<T>(T document, int status = StatusCodes.Status200OK, string? location = null) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        var body = ApiJson.Write(httpContext.Request, document);
        using var held = AnswerMemory.Hold(httpContext, body);
        RequestTimer.Stop(httpContext);
        response.StatusCode = status;
        response.ContentType = MediaTypeNames.Application.Json;
        response.ContentLength = body.Length;
        if (location is not null) response.Headers.Location = location;
        if (!HttpMethods.IsHead(httpContext.Request.Method)) await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
