using MediatR;
using Relo.Api.Http.Answers;
using Relo.Archive.Index;

namespace Relo.Api.BtfHubOnline;

/// <summary>
/// All kernels of the archive, as btfhub-online lists them. GET /v1/kernels has filters and pages.
/// <code>curl http://localhost:8080/api/v1/list</code>
/// </summary>
internal sealed record ListBtf : IRequest<BtfListed>;

/// <summary>The kernels.</summary>
internal sealed record BtfListed(IReadOnlyList<BtfRecordIdentifier> Kernels);

/// <summary>Reads the kernels from the snapshot in memory.</summary>
internal sealed class ListBtfHandler(KernelIndex index, ArchiveWatcher watcher) : IRequestHandler<ListBtf, BtfListed>
{
    /// <inheritdoc/>
    public async Task<BtfListed> Handle(ListBtf request, CancellationToken cancellationToken)
    {
        await watcher.CatchUpAsync(cancellationToken);
        return new([.. index.Matching(new()).Select(BtfRecordIdentifier.Of)]);
    }
}

/// <summary>GET /api/v1/list.</summary>
internal static class ListBtfRoute
{
    /// <summary>Lists all kernels, as btfhub-online does.</summary>
    /// <param name="http">The request.</param>
    /// <param name="mediator">Runs the use case.</param>
    public static async Task<IResult> Handle(HttpContext http, IMediator mediator) =>
        Answer.Ok((await mediator.Send(new ListBtf(), http.RequestAborted)).Kernels);
}
