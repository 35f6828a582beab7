using MediatR;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Api.Http.Uploads;
using Relo.Api.Inputs;
using Relo.Api.Work;
using Relo.Archive.Kernels;
using Relo.Archive.Objects;
using Relo.Core.Bytes;

namespace Relo.Api.Relocations;

/// <summary>
/// Relocates an uploaded object for a kernel.
/// <code>curl --data-binary @prog.bpf.o "http://localhost:8080/v1/relocations?kernel=$(uname -r)"</code>
/// </summary>
internal sealed record Relocate(ReadOnlyMemory<byte> Object, KernelQuery Kernel, FailOn FailOn) : IRequest<RelocationResult>;

/// <summary>Reads the object, finds the kernel, relocates, and keeps the object so that the answer's addresses work.</summary>
internal sealed class RelocateHandler(KernelFinder finder, RelocationRunner runner, NeighbourProof proof, ObjectStore objects, ObjectReader reader) : IRequestHandler<Relocate, RelocationResult>
{
    /// <inheritdoc/>
    public async Task<RelocationResult> Handle(Relocate request, CancellationToken cancellationToken)
    {
        var (digest, source) = (Digest.Of(request.Object.Span), ObjectSource.Of(request.Object));
        var resolution = finder.FindHere(request.Kernel);
        if (resolution is not KernelFound)
        {
            await reader.ReadOriginalAsync(request.Object, bpf => bpf, cancellationToken); // refuses a broken object before requesting its kernel from the upstream
            resolution = await finder.FindAsync(request.Kernel, cancellationToken);
        }

        if (resolution is KernelNotFound missing)
            return new KernelMissing(missing, await proof.OfAsync(digest, source, missing.Neighbours, cancellationToken));
        if (resolution is not KernelFound found) return new KernelUnresolved(resolution);

        var result = await runner.RunAsync(digest, found.Kernel, found, source, cancellationToken);
        if (result is not RelocationMade made) return result;

        await objects.PutAsync(digest, request.Object, cancellationToken);
        return request.FailOn.IsMet(made.Relocation.Report) ? new RelocationUnwanted(made.Relocation, request.FailOn) : made;
    }
}

/// <summary>POST /v1/relocations.</summary>
internal static class RelocateRoute
{
    /// <summary>Relocates a BPF object for a kernel.</summary>
    /// <remarks><c>Accept</c> chooses the answer: the report, the patched object, or both in a zip file. A report above <c>Limits:ReportBytes</c> is 413
    /// <c>report-too-large</c>: <c>fields</c> and <c>relocationsLimit</c> give parts of it. Every parameter may be a field of the form.</remarks>
    public static async Task<IResult> Handle(
        [AsParameters] RelocationParameters parameters, [AsParameters] ReportParameters report, HttpContext http, IMediator mediator)
    {
        var body = ObjectBody.Of(http);
        var (kernel, name) = (parameters.ToQuery(), ObjectName.Clean(parameters.Name ?? body.FileName));
        var failOn = WordsOf<FailOn>.Parse(parameters.FailOn);
        var parts = ReportParts.Of(report, withObject: WordsOf<Included>.Parse(parameters.Include) == Included.Object);

        return await mediator.Send(new Relocate(body.Bytes, kernel, failOn), http.RequestAborted) switch
        {
            RelocationMade made => new RelocationAnswer(made.Relocation, OfferedForms.Chosen(http), name, parts),
            RelocationUnwanted unwanted => RelocationProblem.Of(unwanted, parts.Of(ReportBody.Admit(http, unwanted.Relocation, name, parts))),
            RelocationRefused refused => RelocationProblem.Of(refused),
            KernelMissing missing => RelocationProblem.Of(missing, kernel.Kernel),
            KernelUnresolved unresolved => Problem.Of(unresolved.Resolution, kernel.Kernel),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }
}
