using System.Net.Mime;
using MediatR;
using Microsoft.AspNetCore.Mvc;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Parameters;
using Relo.Api.Inputs;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Objects;
using Relo.Core.Bytes;

namespace Relo.Api.Relocations;

/// <summary>
/// A stored object relocated for a kernel: the request of a node.
/// <code>curl -o tracer.bpf.o "http://localhost:8080/v1/relocated/tracer?kernel=$(uname -r)"</code>
/// </summary>
/// <param name="Object">The object.</param>
/// <param name="Kernel">The kernel.</param>
/// <param name="FailOn">Outcomes that the client does not want.</param>
/// <param name="IsCurrent">Whether changes that other nodes committed before the request must be visible.</param>
/// <param name="IsReportRead">Whether the client asked for the report rather than the object.</param>
internal sealed record GetRelocated(ObjectRef Object, KernelQuery Kernel, FailOn FailOn, bool IsCurrent, bool IsReportRead)
    : IRequest<RelocationResult>;

/// <summary>Finds the object and the kernel, and relocates if the result is not cached.</summary>
internal sealed class GetRelocatedHandler(ObjectStore objects, ArchiveWatcher watcher, RequestedRelocation relocation)
    : IRequestHandler<GetRelocated, RelocationResult>
{
    /// <inheritdoc/>
    public async Task<RelocationResult> Handle(GetRelocated request, CancellationToken cancellationToken)
    {
        if (request.IsCurrent) await watcher.CatchUpAsync(cancellationToken);
        if (await objects.FindAsync(request.Object, cancellationToken, request.IsCurrent) is not { } stored)
            return new ObjectUnknown(request.Object.Text());
        var result = await relocation.RunAsync(
            FoundObject.Of(objects, stored), request.Kernel, request.FailOn, cancellationToken,
            isPinned: Digest.TryParse(request.Kernel.Kernel, out _), isReportRead: request.IsReportRead);
        return request.Object is ObjectRef.ByTag ? result with { IsTagRemembered = stored.IsRemembered } : result;
    }
}

/// <summary>Its parameters.</summary>
internal sealed record RelocatedParameters : KernelParameters
{
    /// <summary>
    /// <c>broken</c>, <c>poisoned</c>, <c>absent</c> (the kernel lacks what the object needs), or several separated by commas: respond to
    /// that outcome with 422 <c>relocation-unusable</c>.
    /// </summary>
    [FromQuery(Name = "failOn"), WordListOf<FailOn>]
    public string? FailOn { get; init; }
}

/// <summary>GET /v1/relocated/{ref}.</summary>
internal static class GetRelocatedRoute
{
    /// <summary>How long caches may use the result of a tag without revalidating it.</summary>
    public static readonly TimeSpan TagIsFreshFor = TimeSpan.FromMinutes(1);

    /// <summary>Downloads an object relocated for a kernel.</summary>
    /// <param name="ref">Digest of the object (64 hexadecimal digits) or a tag.</param>
    /// <param name="parameters">The kernel.</param>
    /// <param name="report">The parts of the report.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs the use case.</param>
    /// <remarks><c>Accept: application/json</c> returns the report, <c>text/plain</c> and <c>text/markdown</c> the report for people.
    /// <c>Link</c> has the URL that never changes. For a tag, <c>Age</c> is 1 if the node had read the tag up to a second before, and 0 if
    /// it read it for this request; <c>Cache-Control: no-cache</c> makes it read it.</remarks>
    public static async Task<IResult> Handle(
        string @ref, [AsParameters] RelocatedParameters parameters, [AsParameters] ReportParameters report, HttpContext http,
        IMediator mediator)
    {
        var (reference, kernel, failOn) = (RefParameter.Parse(@ref), parameters.ToQuery(), FailOnRule.Parse(parameters.FailOn));
        var (parts, form) = (ReportParts.Of(report), OfferedForms.Chosen(http));
        parts.RefuseFor(form, failOn);
        var request = new GetRelocated(
            reference, kernel, failOn, TagFreshness.IsWanted(http.Request), IsReportRead: form != MediaTypeNames.Application.Octet);
        var result = await mediator.Send(request, http.RequestAborted);
        if (result.IsTagRemembered is { } isRemembered) TagFreshness.Tell(http.Response, isRemembered);
        return result switch
        {
            RelocationMade made when form != MediaTypeNames.Application.Octet =>
                await SendReportAsync(http, made.Relocation, reference, parts, form),
            RelocationMade made => Send(http, made.Relocation, reference, NeverChanges(reference, kernel)),
            RelocationUnwanted unwanted =>
                RelocationProblem.Of(unwanted, parts.Of(ReportBody.Admit(http, unwanted.Relocation, reference.TagOf(), parts))),
            var other => RelocationProblem.OfFailure(other, kernel.Kernel),
        };
    }

    private static async Task<IResult> SendReportAsync(
        HttpContext http, CompletedRelocation made, ObjectRef reference, ReportParts parts, string form)
    {
        if (made.Addresses?.Report is { } canonical) http.Response.Headers.Link = $"<{canonical}>; rel=\"canonical\"";
        return await ReportBody.SendAsync(http, made, reference.TagOf(), parts, form, immutable: false, TagIsFreshFor);
    }

    private static Download Send(HttpContext http, CompletedRelocation made, ObjectRef reference, bool immutable)
    {
        http.Response.Headers.Link = made.Addresses?.Links;
        return new Download(made.PatchedBytes, made.PatchedDigest, MediaTypeNames.Application.Octet, reference.FileName(), immutable,
            freshFor: TagIsFreshFor);
    }

    // Tags move and kernels are replaced; digests never change.
    private static bool NeverChanges(ObjectRef reference, KernelQuery kernel) =>
        reference is ObjectRef.ByDigest && Digest.TryParse(kernel.Kernel, out _);
}
