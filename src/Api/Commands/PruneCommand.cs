using MediatR;
using Relo.Archive.Upkeep;

namespace Relo.Api.Commands;

/// <summary>Frees disk space; from the command line only.</summary>
internal sealed record PruneArchive(PruneRequest What) : IRequest<PruneSummary>;

/// <summary>Calls the pruner.</summary>
internal sealed class PruneArchiveHandler(ArchivePruner pruner) : IRequestHandler<PruneArchive, PruneSummary>
{
    /// <inheritdoc/>
    public Task<PruneSummary> Handle(PruneArchive request, CancellationToken cancellationToken) =>
        pruner.PruneAsync(request.What, cancellationToken);
}

/// <summary>
/// <c>prune</c>: removes unused data and, with options, data that can be fetched again; may run beside the service.
/// <code>dotnet run --project src/Api -- prune --dry-run</code>
/// </summary>
internal static class PruneCommand
{
    /// <summary>Its options.</summary>
    public const string DryRun = "--dry-run", Upstream = "--upstream", Objects = "--objects";

    /// <summary>Exit status 0, even if there was nothing to remove.</summary>
    public static async Task<int> RunAsync(IMediator mediator, IReadOnlyList<string> options, TextWriter output,
        CancellationToken cancellation)
    {
        var what = new PruneRequest(options.Contains(DryRun), options.Contains(Upstream), options.Contains(Objects));
        var summary = await mediator.Send(new PruneArchive(what), cancellation);
        await output.WriteLineAsync($"{summary.Kernels} kernels, {summary.Btf} BTF, {summary.Objects} objects "
            + $"{(what.DryRun ? "would be removed" : "removed")}, {summary.Bytes} bytes");
        return 0;
    }
}
