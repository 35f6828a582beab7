using System.Net.Mime;
using MediatR;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Problems;
using Relo.Archive.Export;
using Relo.Archive.Kernels;
using Relo.Archive.OnDemand;

namespace Relo.Api.BtfHubOnline;

/// <summary>
/// The BTF of a kernel, packed as BTFHub packs it. GET /v1/kernels/btf returns it raw.
/// <code>
/// Q='distribution=ubuntu&amp;distribution_version=20.04&amp;kernel_version=5.11.0-1022-gcp&amp;arch=x86_64'
/// curl -o btf.tar.xz "http://localhost:8080/api/v1/download?$Q"
/// </code>
/// </summary>
internal sealed record DownloadBtf(KernelQuery Kernel) : IRequest<DownloadBtfOutcome>;

/// <summary>The result.</summary>
internal abstract record DownloadBtfOutcome;

/// <summary>The packed BTF.</summary>
internal sealed record BtfPacked(Kernel Kernel, Tarball Tarball) : DownloadBtfOutcome;

/// <summary>No kernel or several kernels match.</summary>
internal sealed record DownloadUnresolved(KernelResolution Resolution) : DownloadBtfOutcome;

/// <summary>Finds the kernel and packs its BTF if it is not cached.</summary>
internal sealed class DownloadBtfHandler(KernelFinder finder, PackedBtf packed) : IRequestHandler<DownloadBtf, DownloadBtfOutcome>
{
    /// <inheritdoc/>
    public async Task<DownloadBtfOutcome> Handle(DownloadBtf request, CancellationToken cancellationToken)
        => await finder.FindAsync(request.Kernel, cancellationToken) switch
        {
            KernelFound found => new BtfPacked(found.Kernel, await packed.OfAsync(found.Kernel, cancellationToken)),
            var other => new DownloadUnresolved(other),
        };
}

/// <summary>GET /api/v1/download.</summary>
internal static class DownloadBtfRoute
{
    /// <summary>Downloads the BTF of a kernel as .btf.tar.xz, as btfhub-online does.</summary>
    public static async Task<IResult> Handle([AsParameters] BtfRecordIdentifier identifier, HttpContext http, IMediator mediator)
    {
        var query = identifier.ToQuery();
        switch (await mediator.Send(new DownloadBtf(query), http.RequestAborted))
        {
            case BtfPacked done:
                FileTransfer.Announce(http.Response);
                return new Download(done.Tarball.Bytes, done.Tarball.Digest, MediaTypeNames.Application.Octet,
                    done.Kernel.Release + BtfTarball.Suffix, immutable: false);
            case DownloadUnresolved unresolved:
                return Problem.Of(unresolved.Resolution, query.Kernel);
            case var other:
                throw new InvalidOperationException(other.GetType().Name);
        }
    }
}
