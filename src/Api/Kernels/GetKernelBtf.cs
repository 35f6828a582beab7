using MediatR;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;
using Relo.Api.Inputs;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;
using Relo.Archive.Opened;

namespace Relo.Api.Kernels;

/// <summary>
/// Raw BTF of a kernel.
/// <code>curl -o vmlinux.btf "http://localhost:8080/v1/kernels/btf?kernel=$(uname -r)"</code>
/// </summary>
internal sealed record GetKernelBtf(KernelQuery Query) : IRequest<GetKernelBtfOutcome>;

/// <summary>The result.</summary>
internal abstract record GetKernelBtfOutcome;

/// <summary>The BTF; dispose the lease after sending.</summary>
internal sealed record KernelBtfOpened(Kernel Kernel, BtfLease Lease) : GetKernelBtfOutcome;

/// <summary>No kernel matches, or several do.</summary>
internal sealed record KernelBtfUnresolved(KernelResolution Resolution) : GetKernelBtfOutcome;

/// <summary>Finds the kernel and opens its BTF.</summary>
internal sealed class GetKernelBtfHandler(KernelFinder finder, KernelOpener kernels) : IRequestHandler<GetKernelBtf, GetKernelBtfOutcome>
{
    /// <inheritdoc/>
    public async Task<GetKernelBtfOutcome> Handle(GetKernelBtf request, CancellationToken cancellationToken)
        => await finder.FindAsync(request.Query, cancellationToken) switch
        {
            KernelFound found => new KernelBtfOpened(found.Kernel, await kernels.OpenAsync(found.Kernel, cancellationToken)),
            var other => new KernelBtfUnresolved(other),
        };
}

/// <summary>GET /v1/kernels/btf.</summary>
internal static class GetKernelBtfRoute
{
    /// <summary>Downloads the BTF of a kernel.</summary>
    /// <remarks>Changes if the kernel is replaced; revalidate it with <c>If-None-Match</c>.</remarks>
    public static async Task<IResult> Handle([AsParameters] KernelParameters parameters, HttpContext http, IMediator mediator)
    {
        var query = parameters.ToQuery();
        return await mediator.Send(new GetKernelBtf(query), http.RequestAborted) switch
        {
            KernelBtfOpened { Kernel: var kernel, Lease: var lease }
                => new Download(lease.Bytes, kernel.Btf, "application/octet-stream", $"{kernel.Release}.btf", immutable: false, lease),
            KernelBtfUnresolved unresolved => Problem.Of(unresolved.Resolution, query.Kernel),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }
}
