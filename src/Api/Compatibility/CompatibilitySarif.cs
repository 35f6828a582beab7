using System.Text.Json;
using Relo.Api.Compatibility.Sarif;
using Relo.Api.Http.Json;
using Relo.Api.Http.Problems;
using Relo.Api.Relocations;

namespace Relo.Api.Compatibility;

/// <summary>
/// The response for code review tools, sent when all kernels are done. If <c>failOn</c> is met, it is the same log with the status of the
/// problem, which is in its <c>properties</c>: a pipeline that stops can still show the log to the reviewer.
/// </summary>
internal sealed class CompatibilitySarif(CompatibilityBegun begun, string? name, FailOn failOn) : IResult
{
    private const int BytesPerFault = 64; // an entry in the table of groups by fault

    /// <summary>Its media type.</summary>
    public const string MediaType = "application/sarif+json";

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, gone) = (httpContext.Response, httpContext.RequestAborted);
        var document = await begun.SumUpAsync(name, gone);
        begun.Memory.Take(BytesPerFault * document.Groups.Sum(group => (long)group.Missing.Count + group.Checks.Count));
        var problem = IncompatibleKernels.Find(failOn, document);
        response.StatusCode = problem?.Kind.Status ?? StatusCodes.Status200OK;
        response.ContentType = MediaType;
        response.Headers.CacheControl = problem is null ? "no-cache" : "no-store";
        // Streamed: each result lists its kernels, so the response may be far longer than the document.
        await JsonSerializer.SerializeAsync(
            response.Body, SarifOfCompatibility.Of(document, problem is null ? null : Said(problem, httpContext)), ApiJson.Options, gone);
        await response.Body.WriteAsync("\n"u8.ToArray(), gone);
    }

    private static SarifProblem Said(Problem problem, HttpContext http)
        => new(problem.Kind.Type, problem.Kind.Title, problem.Kind.Status, problem.Detail, problem.Kind.Code, Problem.TraceId(http));
}
