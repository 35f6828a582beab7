using Relo.Api.Hosting;
using Relo.Archive.Index;
using Relo.Archive.Layouts;

namespace Relo.Api.Ops;

/// <summary>Reads the layouts of kernels soon after they are added, and removes those of deleted ones.</summary>
internal sealed class LayoutKeeper(
    KernelIndex kernels, LayoutBuilder builder, LayoutSweeper sweeper, TimeProvider clock, ILogger<LayoutKeeper> log)
    : RestartingService(log, clock)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stopping)
    {
        KernelSnapshot? built = null, swept = null;
        var sweptAt = Clock.GetUtcNow();
        while (true)
        {
            var now = kernels.Current;
            if (now != built) await builder.BuildAsync(parallelism: 1, stopping);
            built = now;
            if (now != swept && Clock.GetUtcNow() - sweptAt >= SweepEvery)
            {
                await sweeper.SweepAsync(stopping);
                (swept, sweptAt) = (now, Clock.GetUtcNow());
            }

            await Task.Delay(LookEvery, Clock, stopping);
        }
    }
}
