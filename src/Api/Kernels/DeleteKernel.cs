using MediatR;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Kernels.Store;
using Relo.Archive.Resolution;

namespace Relo.Api.Kernels;

/// <summary>
/// Deletes one kernel from the archive.
/// <code>curl -X DELETE 'http://localhost:8080/v1/kernels?kernel=ubuntu/20.04/x86_64/5.4.0-91-generic'</code>
/// </summary>
internal sealed record DeleteKernel(KernelQuery Query) : IRequest<DeleteKernelOutcome>;

/// <summary>The result.</summary>
internal abstract record DeleteKernelOutcome;

/// <summary>The kernel was deleted.</summary>
internal sealed record KernelDeleted : DeleteKernelOutcome;

/// <summary>No kernel matches, or the identifier has none of the forms.</summary>
internal sealed record DeleteUnresolved(KernelResolution Resolution) : DeleteKernelOutcome;

/// <summary>Several kernels share the BTF. A relocation can use any of them; a deletion cannot.</summary>
internal sealed record DeleteAmbiguous(IReadOnlyList<Kernel> Candidates) : DeleteKernelOutcome;

/// <summary>Deletes exactly the kernel that is named, or none.</summary>
internal sealed class DeleteKernelHandler(KernelResolver resolver, ArchiveWatcher watcher, KernelStore store)
    : IRequestHandler<DeleteKernel, DeleteKernelOutcome>
{
    /// <inheritdoc/>
    public async Task<DeleteKernelOutcome> Handle(DeleteKernel request, CancellationToken cancellationToken)
    {
        await watcher.CatchUpAsync(cancellationToken); // another process may just have added a kernel that it matches
        var resolution = resolver.Resolve(request.Query);
        if (resolution is not KernelFound found) return new DeleteUnresolved(resolution);
        if (found.IsRebuild) return new DeleteUnresolved(OnlyRebuilds(found));
        if (found.Matching.Count > 1) return new DeleteAmbiguous(found.Matching);
        await store.DeleteAsync(found.Kernel.Id, cancellationToken);
        return new KernelDeleted();
    }

    // A relocation can use the rebuild of another distribution; a deletion cannot.
    private static KernelNotFound OnlyRebuilds(KernelFound found) => new([], found.Explanation)
    {
        Detail = $"the archive has this kernel only as rebuilt by another distribution, {found.Kernel.Id}; to delete that, give its id",
    };
}

/// <summary>DELETE /v1/kernels.</summary>
internal static class DeleteKernelRoute
{
    /// <summary>Deletes a kernel.</summary>
    /// <remarks>The identifier must match exactly one kernel, even if several share their BTF.</remarks>
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
