using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Objects;

namespace Relo.Api.Ops;

/// <summary>Removes, some seconds after the start and every hour, the objects that nobody has used for long.</summary>
internal sealed class ObjectCleaner(ObjectRemoval removal, TimeProvider clock, ILogger<ObjectCleaner> log) : BackgroundService
{
    /// <summary>How often.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    // Nothing hangs on it, and whoever waits for the service to come up has better uses for the processor.
    private static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            await Task.Delay(FirstAfter, clock, stoppingToken);
            do await CleanAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    // What stands in the way (a full disk, a locked database) may be gone in an hour.
    private async Task CleanAsync(CancellationToken stopping)
    {
        try
        {
            await removal.RemoveUnusedAsync(stopping);
        }
        catch (Exception e) when (e is DbException or DbUpdateException or IOException or UnauthorizedAccessException)
        {
            log.LogWarning(e, "Unused objects could not be removed: {Reason}", e.Message);
        }
    }
}
