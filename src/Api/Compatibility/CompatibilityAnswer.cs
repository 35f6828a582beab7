using System.Net.Mime;
using Relo.Api.Http.Json;
using Relo.Api.Relocations;

namespace Relo.Api.Compatibility;

/// <summary>The response after all kernels are done: JSON, or the problem with the same members.</summary>
internal sealed class CompatibilityAnswer(CompatibilityBegun begun, string? name, FailOn failOn) : IResult
{
    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var document = await begun.SumUpAsync(name, httpContext.RequestAborted);
        if (IncompatibleKernels.Find(failOn, document) is { } problem)
        {
            await problem.ExecuteAsync(httpContext);
            return;
        }

        var body = ApiJson.Write(httpContext.Request, document);
        httpContext.Response.ContentType = MediaTypeNames.Application.Json;
        httpContext.Response.ContentLength = body.Length;
        httpContext.Response.Headers.CacheControl = "no-cache";
        await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
