using MediatR;
using Relo.Api.Http.Problems;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Api.Kernels;

/// <summary>
/// Takes one kernel out of the archive.
/// <code>curl -X DELETE 'http://localhost:8080/v1/kernels?kernel=ubuntu/20.04/x86_64/5.4.0-91-generic'</code>
/// </summary>
internal sealed record DeleteKernel(KernelQuery Query) : IRequest<DeleteKernelOutcome>;

/// <summary>What came of it.</summary>
internal abstract record DeleteKernelOutcome;

/// <summary>It is out.</summary>
internal sealed record KernelDeleted : DeleteKernelOutcome;

/// <summary>There is no such kernel, or the identifier is none.</summary>
internal sealed record DeleteUnresolved(KernelResolution Resolution) : DeleteKernelOutcome;

/// <summary>Several kernels share the BTF. For a relocation that is no matter; here it would take out one of them by chance.</summary>
internal sealed record DeleteAmbiguous(IReadOnlyList<Kernel> Candidates) : DeleteKernelOutcome;

/// <summary>Deletes exactly the kernel that is named, or none.</summary>
internal sealed class DeleteKernelHandler(KernelResolver resolver, KernelIndex index, KernelStore store) : IRequestHandler<DeleteKernel, DeleteKernelOutcome>
{
    /// <inheritdoc/>
    public async Task<DeleteKernelOutcome> Handle(DeleteKernel request, CancellationToken cancellationToken)
    {
        var resolution = resolver.Resolve(request.Query);
        if (resolution is not KernelFound found) return new DeleteUnresolved(resolution);

        var meant = Meant(request.Query, found.Kernel);
        if (meant.Count > 1) return new DeleteAmbiguous(meant);
        await store.DeleteAsync(found.Kernel.Id, cancellationToken);
        return new KernelDeleted();
    }

    // Which kernels of the same BTF the words fit: distro/version/arch/release is one, a release may be several.
    private List<Kernel> Meant(KernelQuery query, Kernel found)
    {
        var byDigest = query.Kernel.StartsWith(Digest.Prefix, StringComparison.OrdinalIgnoreCase);
        var filter = query.Kernel.Split('/') is [var distro, var version, var arch, _]
            ? new KernelFilter(distro, version, arch)
            : new KernelFilter(query.Distro, query.Version, query.Arch);
        return [.. index.Matching(filter).Where(k => k.Btf == found.Btf && (byDigest || k.Release == found.Release))];
    }
}

/// <summary>DELETE /v1/kernels.</summary>
internal static class DeleteKernelRoute
{
    /// <summary>Deletes a kernel.</summary>
    /// <remarks>Exactly one must be meant: kernels that share their BTF are one for a relocation, but not here.</remarks>
    public static async Task<IResult> Handle([AsParameters] KernelParameters parameters, HttpContext http, IMediator mediator)
    {
        var query = parameters.ToQuery();
        return await mediator.Send(new DeleteKernel(query), http.RequestAborted) switch
        {
            KernelDeleted => Results.NoContent(),
            DeleteUnresolved unresolved => Problem.Of(unresolved.Resolution, query.Kernel),
            DeleteAmbiguous several => Problem.Ambiguous(query.Kernel, several.Candidates),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }
}
