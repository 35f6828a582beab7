using Microsoft.Extensions.Options;
using Relo.Api.Hosting;
using Relo.Archive.Sync;
using Relo.Archive.Upstream;

namespace Relo.Api.Ops;

/// <summary>
/// Syncs the sources at the interval of the settings. If there are several nodes, the first one that is due syncs, and the others find its
/// list in the ledger.
/// </summary>
internal sealed class SyncKeeper(
    KernelSync sync, SourceLedger ledger, IOptions<SyncOptions> options, TimeProvider clock, ILogger<SyncKeeper> log)
    : RestartingService(log, clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    // When this node last began. The ledger has no entry for a source that failed or has no kernels.
    private readonly Dictionary<string, DateTimeOffset> _begun = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stopping)
    {
        var every = options.Value.Every;
        if (every == TimeSpan.Zero) return;
        var match = options.Value.Match.Trim() is { Length: > 0 } given ? given : null;
        while (true)
        {
            foreach (var source in Sources())
                if (await IsDueAsync(source.Name, every, stopping)) await SyncAsync(source, new(match), stopping);
            await Task.Delay(LookEvery, Clock, stopping);
        }
    }

    private IEnumerable<IKernelSource> Sources() =>
        options.Value.Sources.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } names
            ? names.SelectMany(sync.Named)
            : sync.Named(KernelSync.All);

    private async Task<bool> IsDueAsync(string source, TimeSpan every, CancellationToken ct)
    {
        var last = await ledger.ListedAtAsync(source, ct);
        if (_begun.TryGetValue(source, out var begun) && (last is null || begun > last)) last = begun;
        return last is null || Clock.GetUtcNow() - last >= every;
    }

    private async Task SyncAsync(IKernelSource source, SyncRequest request, CancellationToken ct)
    {
        _begun[source.Name] = Clock.GetUtcNow();
        try
        {
            await sync.RunAsync(source, request, null, ct);
        }
        catch (SourceException e)
        {
            log.LogWarning("Sync of {Source} failed: requesting {What} failed: {Reason}", source.Name, e.What, e.Message);
        }
    }
}
