using System.Net.Mime;
using MediatR;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Archive.Index;
using Relo.Archive.Objects;
using Relo.Core.Bytes;

namespace Relo.Api.Relocations;

/// <summary>
/// A relocation by the digests of its object and its BTF, recomputed from both: the report, or with <c>/object</c> the patched object.
/// <code>curl http://localhost:8080/v1/relocations/&lt;object&gt;/&lt;btf&gt;</code>
/// <code>curl -O -J http://localhost:8080/v1/relocations/&lt;object&gt;/&lt;btf&gt;/object</code>
/// </summary>
internal sealed record GetRelocation(Digest Object, Digest Btf) : IRequest<RelocationResult>;

/// <summary>Finds the stored object and the BTF, and relocates.</summary>
internal sealed class GetRelocationHandler(ObjectStore objects, KernelIndex kernels, ArchiveWatcher watcher, RelocationRunner runner)
    : IRequestHandler<GetRelocation, RelocationResult>
{
    /// <inheritdoc/>
    public async Task<RelocationResult> Handle(GetRelocation request, CancellationToken cancellationToken)
    {
        if (kernels.WithBtf(request.Btf) is []) await watcher.CatchUpAsync(cancellationToken); // another node may just have added it
        if (kernels.WithBtf(request.Btf) is not [var kernel, ..]) return new BtfUnknown(request.Btf);
        return await objects.FindAsync(new ObjectRef.ByDigest(request.Object), cancellationToken) is { } stored
            ? await runner.RunAsync(FoundObject.Of(objects, stored), CompletedRelocation.WithoutModules(kernel), cancellationToken)
            : new ObjectUnknown(request.Object.ToString());
    }
}

/// <summary>GET /v1/relocations/{objectDigest}/{btfDigest} and …/object.</summary>
internal static class GetRelocationRoute
{
    /// <summary>Shows the report of a relocation again.</summary>
    /// <param name="objectDigest">SHA-256 of the object as it was uploaded.</param>
    /// <param name="btfDigest">SHA-256 of the kernel's BTF.</param>
    /// <param name="parameters">The parts to return.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs the use case.</param>
    public static async Task<IResult> Report(
        string objectDigest, string btfDigest, [AsParameters] ReportParameters parameters, HttpContext http, IMediator mediator)
    {
        var parts = ReportParts.Of(parameters);
        parts.RefuseFor(OfferedForms.Chosen(http));
        return await mediator.Send(Read(objectDigest, btfDigest), http.RequestAborted) switch
        {
            RelocationMade made =>
                await ReportBody.SendAsync(http, made.Relocation, name: null, parts, OfferedForms.Chosen(http), immutable: true),
            var other => ProblemOf(other),
        };
    }

    /// <summary>Downloads the patched object of a relocation again.</summary>
    /// <param name="objectDigest">SHA-256 of the object as it was uploaded.</param>
    /// <param name="btfDigest">SHA-256 of the kernel's BTF.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs the use case.</param>
    public static async Task<IResult> Object(string objectDigest, string btfDigest, HttpContext http, IMediator mediator)
        => await mediator.Send(Read(objectDigest, btfDigest), http.RequestAborted) switch
        {
            RelocationMade made => Send(http, made.Relocation),
            var other => ProblemOf(other),
        };

    /// <summary>Reads the digests of its address.</summary>
    internal static GetRelocation Read(string objectDigest, string btfDigest)
        => new(DigestParameter.Parse(nameof(objectDigest), objectDigest), DigestParameter.Parse(nameof(btfDigest), btfDigest));

    private static Download Send(HttpContext http, CompletedRelocation made)
    {
        http.Response.Headers.Link = $"<{made.Addresses?.Report}>; rel=\"describedby\"";
        return new Download(made.PatchedBytes, made.PatchedDigest, MediaTypeNames.Application.Octet, ObjectName.FileName(null, made.Object),
            immutable: true);
    }

    /// <summary>The problem of a result without a relocation.</summary>
    internal static Problem ProblemOf(RelocationResult result) => result switch
    {
        ObjectUnknown unknown => RelocationProblem.Of(unknown),
        BtfUnknown unknown => Problem.BtfNotFound(unknown.Btf.Hex),
        RelocationRefused refused => RelocationProblem.Of(refused),
        _ => throw new InvalidOperationException(result.GetType().Name),
    };
}
