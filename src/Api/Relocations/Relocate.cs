using MediatR;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Uploads;
using Relo.Api.Inputs;
using Relo.Api.Signing;
using Relo.Api.Work;
using Relo.Archive.Kernels;
using Relo.Archive.Objects;

namespace Relo.Api.Relocations;

/// <summary>
/// Relocates an uploaded object for a kernel.
/// <code>curl --data-binary @prog.bpf.o "http://localhost:8080/v1/relocations?kernel=$(uname -r)"</code>
/// </summary>
internal sealed record Relocate(ReadOnlyMemory<byte> Object, KernelQuery Kernel, FailOn FailOn, MemoryShare Memory)
    : IRequest<RelocationResult>
{
    /// <summary>Whether to keep the object.</summary>
    public bool IsKept { get; init; } = true;
}

/// <summary>Relocates, and keeps the object so that the answer's addresses work.</summary>
internal sealed class RelocateHandler(RequestedRelocation relocation, ObjectStore objects, ObjectReader reader)
    : IRequestHandler<Relocate, RelocationResult>
{
    /// <inheritdoc/>
    public async Task<RelocationResult> Handle(Relocate request, CancellationToken cancellationToken)
    {
        var found = FoundObject.Of(request.Object);
        var result = await relocation.RunAsync(found, request.Kernel, request.FailOn, cancellationToken, ParseAsync);
        if (request.IsKept && result is RelocationMade or RelocationUnwanted)
            await objects.PutAsync(found.Digest, request.Object, cancellationToken);
        return result;

        // Refuses a broken object before its kernel is requested from the upstream archive.
        async Task<FoundObject> ParseAsync() =>
            found with { Parsed = await reader.ReadOriginalAsync(request.Object, request.Memory.Hold, cancellationToken, found.Digest) };
    }
}

/// <summary>POST /v1/relocations.</summary>
internal static class RelocateRoute
{
    /// <summary>Relocates a BPF object for a kernel.</summary>
    /// <remarks><c>Accept</c> chooses the response: the report, the patched object, or both in a zip file; or the report for people,
    /// as <c>text/plain</c> of 100 columns or as <c>text/markdown</c> for comments on pull requests. A report above
    /// <c>Limits:ReportBytes</c> is 413 <c>report-too-large</c>: <c>fields</c> and <c>relocationsLimit</c> return parts of it, where the
    /// response has a JSON report. Every parameter may be sent as a form field.</remarks>
    public static async Task<IResult> Handle(
        [AsParameters] RelocationParameters parameters, [AsParameters] ReportParameters report, HttpContext http, IMediator mediator,
        Approval approval)
    {
        var body = ObjectBody.Of(http);
        var (kernel, name) = (parameters.ToQuery(), ObjectName.Clean(parameters.Name ?? body.FileName));
        var failOn = FailOnRule.Parse(parameters.FailOn);
        var parts = ReportParts.Of(report);
        parts.RefuseFor(OfferedForms.Chosen(http), failOn);

        // A pipeline relocates before anybody approves. An object without approval is not kept, so no node gets it, and it has no address.
        var asked = new Relocate(body.Bytes, kernel, failOn, MemoryShare.OfRequest(http)) { IsKept = !approval.IsNeeded };
        return await mediator.Send(asked, http.RequestAborted) switch
        {
            RelocationMade made => new RelocationAnswer(Addressed(made.Relocation), OfferedForms.Chosen(http), name, parts),
            RelocationUnwanted unwanted => RelocationProblem.Of(
                unwanted, parts.Of(ReportBody.Admit(http, Addressed(unwanted.Relocation), name, parts))),
            var other => RelocationProblem.OfFailure(other, kernel.Kernel),
        };

        CompletedRelocation Addressed(CompletedRelocation made) => asked.IsKept ? made : made with { Addresses = null };
    }
}
