using System.Net.Mime;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;
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

        var limit = httpContext.RequestServices.GetRequiredService<ReportLimit>();
        var body = await limit.MeasureAsync(httpContext, document, heldBytes: 0, Problem.AskForFewerKernels);
        httpContext.Response.ContentType = MediaTypeNames.Application.Json;
        httpContext.Response.ContentLength = body.LengthBytes;
        httpContext.Response.Headers.CacheControl = "no-cache";
        await body.SendAsync(httpContext);
    }
}
