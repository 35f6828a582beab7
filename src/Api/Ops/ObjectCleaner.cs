using System.Data.Common;
using Relo.Api.Hosting;
using Relo.Archive.Audit;
using Relo.Archive.Faults;
using Relo.Archive.Objects;

namespace Relo.Api.Ops;

/// <summary>Removes the objects that have not been used for Objects:Retention, and the oldest entries of a full audit trail, ten seconds
/// after the start and every hour.</summary>
internal sealed class ObjectCleaner(ObjectRemoval removal, AuditLog audit, TimeProvider clock, ILogger<ObjectCleaner> log)
    : RestartingService(log, clock)
{
    /// <summary>The time between two rounds.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    // Cleaning is not urgent, and a starting service needs the processor.
    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, Clock);
        await Task.Delay(FirstAfter, Clock, stopping);
        do await CleanAsync(stopping);
        while (await timer.WaitForNextTickAsync(stopping));
    }

    // The cause (a full disk, a locked database) may be resolved in an hour, and needs no stack in the log.
    private async Task CleanAsync(CancellationToken stopping)
    {
        try
        {
            await removal.RemoveUnusedAsync(stopping);
            await audit.ShortenAsync(stopping);
        }
        catch (Exception e) when (StorageFault.Of(e) is not null || e is DbException or IOException)
        {
            log.LogWarning(e, "Unused objects or old entries of the audit trail could not be removed: {Reason}", e.Message);
        }
    }
}
