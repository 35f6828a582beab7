using MediatR;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Core.Bytes;

namespace Relo.Api.Kernels;

/// <summary>
/// The kernel that an identifier means, and how it was found.
/// <code>curl -G http://localhost:8080/v1/kernels/resolve --data-urlencode "kernel=$(uname -a)"</code>
/// </summary>
internal sealed record ResolveKernel(KernelQuery Query) : IRequest<KernelResolution>;

/// <summary>Calls the finder.</summary>
internal sealed class ResolveKernelHandler(KernelFinder finder) : IRequestHandler<ResolveKernel, KernelResolution>
{
    /// <inheritdoc/>
    public Task<KernelResolution> Handle(ResolveKernel request, CancellationToken cancellationToken) =>
        finder.FindAsync(request.Query, cancellationToken);
}

/// <summary>A kernel, and each step that led to it.</summary>
internal sealed record ResolvedKernel(
    string Id, string Distro, string Version, string Arch, string Release,
    Digest Btf, long BtfSizeBytes, string Source, DateTimeOffset AddedAt, IReadOnlyList<string> Modules, IReadOnlyList<string> Explanation)
{
    /// <summary>The response for a kernel that was found.</summary>
    public static ResolvedKernel Of(KernelFound found) => new(
        found.Kernel.Id, found.Kernel.Distro, found.Kernel.Version, found.Kernel.Arch, found.Kernel.Release,
        found.Kernel.Btf, found.Kernel.BtfSizeBytes, found.Kernel.Source, found.Kernel.AddedAt, found.Kernel.Modules, found.Explanation);
}

/// <summary>GET /v1/kernels/resolve.</summary>
internal static class ResolveKernelRoute
{
    /// <summary>Finds the kernel that an identifier means.</summary>
    /// <remarks>A kernel that is not in the archive is fetched from the upstream archive, if there is one. <c>explanation</c> lists each
    /// step, also in problems.</remarks>
    public static async Task<IResult> Handle([AsParameters] KernelParameters parameters, HttpContext http, IMediator mediator)
    {
        var query = parameters.ToQuery();
        return await mediator.Send(new ResolveKernel(query), http.RequestAborted) switch
        {
            KernelFound found => Answer.Ok(ResolvedKernel.Of(found)),
            var other => Problem.Of(other, query.Kernel),
        };
    }
}
