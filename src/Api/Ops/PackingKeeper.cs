using Microsoft.Extensions.Options;
using Relo.Api.Hosting;
using Relo.Archive.Differences;
using Relo.Archive.Index;
using Relo.Archive.Settings;

namespace Relo.Api.Ops;

/// <summary>
/// Stores the BTF of kernels as differences some time after they were added, and deletes bases that nothing needs any more.
/// </summary>
internal sealed class PackingKeeper(
    BtfPacker packer, UnusedBases bases, KernelIndex kernels, IOptions<ArchiveOptions> options, TimeProvider clock,
    ILogger<PackingKeeper> log)
    : RestartingService(log, clock)
{
    private static readonly TimeSpan MostOften = TimeSpan.FromMilliseconds(100), LeastOften = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task RunAsync(CancellationToken stopping)
    {
        if (!options.Value.Pack) return;
        var lookEvery = TimeSpan.FromTicks(Math.Clamp(options.Value.PackAfter.Ticks, MostOften.Ticks, LeastOften.Ticks));
        KernelSnapshot? swept = null;
        while (true)
        {
            await Task.Delay(lookEvery, Clock, stopping);
            await packer.PackAsync(rests: true, stopping);
            var now = kernels.Current;
            if (now == swept) continue;
            await bases.SweepAsync(stopping);
            swept = now;
        }
    }
}
