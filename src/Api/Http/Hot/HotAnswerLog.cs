namespace Relo.Api.Http.Hot;

/// <summary>Tells in the log once a second, a line for each address, how often its answer was given again: such requests have no line of their own.</summary>
internal sealed class HotAnswerLog(HotAnswerMemory memory, HotHeads heads, Serilog.ILogger logger, TimeProvider clock) : BackgroundService
{
    private readonly Serilog.ILogger _log = logger.ForContext<HotAnswerLog>();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(HotAnswerMemory.Life, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            heads.Clean();
            foreach (var use in memory.TakeUses()) _log.Information("{RequestPath} given again: {Sent} sent, {NotModified} not modified", use.Path, use.Sent, use.NotModified);
        }
    }
}
