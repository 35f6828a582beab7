using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;
using Relo.Api.Http.Json;
using Relo.Api.Http.Problems;
using Relo.Api.Relocations;
using Relo.Core.Bytes;
using Relo.Core.Checks;
using Relo.Core.Compatibility;

namespace Relo.Api.Compatibility;

/// <summary>
/// One line of JSON for each finished kernel, then a line with the whole JSON response: the document, or, if <c>failOn</c> is met or the
/// answer becomes too large, the problem with its <c>code</c> and <c>status</c>. The status of the answer itself is sent before the first
/// kernel is done, so it is 200. Without that last line the response is incomplete.
/// </summary>
internal sealed class CompatibilityLines(CompatibilityBegun begun, string? name, FailOn failOn) : IResult
{
    /// <summary>Its media type.</summary>
    public const string MediaType = "application/x-ndjson";

    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <inheritdoc/>
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (response, gone) = (httpContext.Response, httpContext.RequestAborted);
        response.ContentType = MediaType;
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no"; // nginx would buffer the lines
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            var summary = begun.Summary(name);
            await foreach (var finding in begun.Findings.WithCancellation(gone))
            {
                summary.Add(finding);
                await WriteAsync(KernelLine.Of(finding, summary));
            }

            var document = summary.ToDocument();
            await WriteAsync(IncompatibleKernels.Find(failOn, document)?.ToMembers(httpContext) ?? (object)document);
        }
        catch (RefusedException refused)
        {
            await WriteAsync(refused.Problem.ToMembers(httpContext)); // the last line is the problem, as if failOn were met
        }
        catch
        {
            httpContext.Abort(); // an aborted response must not look complete
            throw;
        }

        async Task WriteAsync(object line)
        {
            await JsonSerializer.SerializeAsync(response.Body, line, ApiJson.Options, gone);
            await response.Body.WriteAsync(NewLine, gone);
            await response.Body.FlushAsync(gone);
        }
    }

    /// <param name="Kernel">Id of the kernel.</param>
    /// <param name="Verdict">The verdict of the object on it.</param>
    /// <param name="Patched">Digest of the object to load.</param>
    /// <param name="Missing">The accesses that do not exist on it.</param>
    /// <param name="Checks">What else the object needs that is absent or changed on it.</param>
    /// <param name="Failure">The reason why there is no verdict.</param>
    /// <param name="Progress">The progress, including this kernel.</param>
    private sealed record KernelLine(
        string Kernel, KernelVerdict Verdict, Digest? Patched, IReadOnlyList<MissingAccess> Missing, IReadOnlyList<Check> Checks,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] KernelFailure? Failure, Progress Progress)
    {
        public static KernelLine Of(KernelFinding finding, CompatibilitySummary soFar)
            => new(finding.Kernel.Id, finding.Verdict, finding.Outcome?.PatchedDigest, finding.Outcome?.Missing ?? [],
                finding.Outcome?.Checks ?? [], finding.Failure, new(soFar.Done, soFar.Kernels));
    }

    private sealed record Progress(int Done, int Kernels);
}
