using System.Text.Json;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Bodies;
using Relo.Api.Relocations;
using Relo.Core.Compatibility;
using Relo.Core.Report;

namespace Relo.Api.Compatibility;

/// <summary>
/// The response for people, sent when all kernels are done. If <c>failOn</c> is met, it is the same report with the status of the problem,
/// whose detail it contains: the log of a pipeline that stops shows why.
/// </summary>
internal sealed class CompatibilityReadable(CompatibilityBegun begun, string? name, FailOn failOn, string form) : IResult
{
    private const int BytesPerFault = 64, BytesPerChange = 512; // an entry in the table of groups by fault; texts

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, gone) = (httpContext.Response, httpContext.RequestAborted);
        var document = await begun.SumUpAsync(name, gone);
        begun.Memory.Take(document.Groups.Sum(group =>
            (BytesPerFault * ((long)group.Missing.Count + group.Checks.Count)) + (BytesPerChange * (long)group.FieldChanges.Count)));
        var problem = IncompatibleKernels.Find(failOn, document);
        response.StatusCode = problem?.Kind.Status ?? StatusCodes.Status200OK;
        response.ContentType = ReadableForms.ContentType(form);
        response.Headers.CacheControl = problem is null ? "no-cache" : "no-store";
        await StreamedBody.WriteLinesAsync(ReadableForms.Lines(SheetOf(document, problem?.Detail), form), response.Body, gone);
    }

    /// <summary>The report of a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="refusal">Why <c>failOn</c> refuses it; null if it does not.</param>
    public static ReadableReport SheetOf(CompatibilityDocument document, string? refusal) => CompatibilitySheet.Of(
        [.. document.Groups.Select(group => new CheckedGroup(JsonNamingPolicy.KebabCaseLower.ConvertName($"{group.Verdict}"), group.Kernels,
            group.Missing, group.FieldChanges, group.Checks, TextOf(group.Failure)))],
        document.Object.Name, document.Object.Sha256, refusal, document.PerKernel);

    private static string? TextOf(KernelFailure? failure) => failure switch
    {
        null => null,
        { Source: { } source } => $"{source.File}:{source.Line}: {failure.Detail}",
        _ => failure.Detail,
    };
}
