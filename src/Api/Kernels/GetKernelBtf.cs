using MediatR;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;
using Relo.Archive.Kernels;
using Relo.Archive.Opened;

namespace Relo.Api.Kernels;

/// <summary>
/// Raw BTF of a kernel.
/// <code>curl -o vmlinux.btf "http://localhost:8080/v1/kernels/btf?kernel=$(uname -r)"</code>
/// </summary>
internal sealed record GetKernelBtf(KernelQuery Query) : IRequest<GetKernelBtfOutcome>;

/// <summary>What came of it.</summary>
internal abstract record GetKernelBtfOutcome;

/// <summary>The BTF; the lease is to be disposed after sending.</summary>
internal sealed record KernelBtfOpened(Kernel Kernel, BtfLease Lease) : GetKernelBtfOutcome;

/// <summary>There is no such kernel, or several.</summary>
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
    /// <remarks>May change when the kernel is replaced; ask again with <c>If-None-Match</c>.</remarks>
    public static async Task<IResult> Handle([AsParameters] KernelParameters parameters, HttpContext http, IMediator mediator)
    {
        var query = parameters.ToQuery();
        return await mediator.Send(new GetKernelBtf(query), http.RequestAborted) switch
        {
            KernelBtfOpened opened => new Download(opened.Lease.Bytes, opened.Kernel.Btf, "application/octet-stream", $"{opened.Kernel.Release}.btf", immutable: false, opened.Lease),
            KernelBtfUnresolved unresolved => Problem.Of(unresolved.Resolution, query.Kernel),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }
}
