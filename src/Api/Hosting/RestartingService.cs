namespace Relo.Api.Hosting;

/// <summary>A background service that never ends the process: it logs an exception and restarts a minute later.</summary>
internal abstract class RestartingService(ILogger log, TimeProvider clock) : BackgroundService
{
    /// <summary>The pause after a failure.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The clock for all delays.</summary>
    protected TimeProvider Clock => clock;

    /// <summary>Runs until it is cancelled or finished.</summary>
    protected abstract Task RunAsync(CancellationToken stopping);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.LogError(e, "{Service} failed and restarts in {Seconds} s: {Reason}", GetType().Name,
                    Pause.TotalSeconds, e.Message);
                await Task.Delay(Pause, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                // The service is stopping.
            }
            catch (Exception e)
            {
                log.LogWarning(e, "{Service} failed while it was stopping: {Reason}", GetType().Name, e.Message);
            }
        }
    }
}
