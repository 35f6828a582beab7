using MediatR;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Problems;
using Relo.Archive.OnDemand;
using Relo.Archive.Opened;
using Relo.Core.Bytes;

namespace Relo.Api.Kernels;

/// <summary>
/// Raw BTF by its digest; the response never changes.
/// <code>curl -O -J http://localhost:8080/v1/btf/&lt;64 hex&gt;</code>
/// </summary>
internal sealed record GetBtf(Digest Btf) : IRequest<GetBtfOutcome>;

/// <summary>The result.</summary>
internal abstract record GetBtfOutcome;

/// <summary>The BTF; dispose the lease after sending.</summary>
internal sealed record BtfOpened(BtfLease Lease) : GetBtfOutcome;

/// <summary>No BTF has this digest.</summary>
internal sealed record BtfMissing : GetBtfOutcome;

/// <summary>Opens the BTF.</summary>
internal sealed class GetBtfHandler(KernelOpener kernels) : IRequestHandler<GetBtf, GetBtfOutcome>
{
    /// <inheritdoc/>
    public async Task<GetBtfOutcome> Handle(GetBtf request, CancellationToken cancellationToken)
        => await kernels.OpenAsync(request.Btf, cancellationToken) is { } lease ? new BtfOpened(lease) : new BtfMissing();
}

/// <summary>GET /v1/btf/{digest}.</summary>
internal static class GetBtfRoute
{
    /// <summary>Downloads BTF by its digest.</summary>
    /// <param name="digest">SHA-256 of the BTF: 64 hexadecimal digits.</param>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs the use case.</param>
    public static async Task<IResult> Handle(string digest, HttpContext http, IMediator mediator)
    {
        var btf = DigestParameter.Parse("digest", digest);
        return await mediator.Send(new GetBtf(btf), http.RequestAborted) switch
        {
            BtfOpened { Lease: var lease } =>
                new Download(lease.Bytes, btf, "application/octet-stream", $"{btf.Hex[..12]}.btf", immutable: true, lease),
            _ => Problem.BtfNotFound(btf.Hex),
        };
    }
}
