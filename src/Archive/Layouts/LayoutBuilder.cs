using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Opened;
using Relo.Core.Bytes;
using Relo.Core.Fingerprints;

namespace Relo.Archive.Layouts;

/// <summary>Reads the layouts of kernels that the index does not know: new ones, and ones whose BTF or modules changed.</summary>
internal sealed class LayoutBuilder(
    KernelIndex kernels, LayoutIndex index, LayoutWriter writer, BtfCache cache, IIndexEngine engine, TimeProvider clock,
    ILogger<LayoutBuilder> log)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _failed = new(StringComparer.Ordinal); // by LayoutSource.Of

    /// <summary>Reads all of them. Nodes take turns, so none repeats the work of another.</summary>
    /// <param name="parallelism">The number of kernels that are read at the same time.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The number read.</returns>
    public async Task<int> BuildAsync(int parallelism, CancellationToken ct)
    {
        if (await LackingAsync(ct) is []) return 0;
        await using var alone = await engine.LockAsync("layouts", ct);
        var built = 0;
        await Parallel.ForEachAsync(
            await LackingAsync(ct), new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = ct },
            async (kernel, stop) =>
            {
                if (await TryBuildAsync(kernel, stop)) Interlocked.Increment(ref built);
            });
        if (built > 0) log.LogInformation("The layouts of {Kernels} kernels were read", built);
        return built;
    }

    private async Task<List<Kernel>> LackingAsync(CancellationToken ct)
    {
        await index.CatchUpAsync(ct);
        var now = clock.GetUtcNow();
        return [.. index.Lacking(kernels.Matching(new()))
            .Where(kernel => !_failed.TryGetValue(LayoutSource.Of(kernel), out var at) || now - at > RetryAfter)];
    }

    private async Task<bool> TryBuildAsync(Kernel kernel, CancellationToken ct)
    {
        try
        {
            KernelFingerprints? layouts;
            using (var lease = cache.OpenWithModules(kernel, keep: false))
            {
                if (lease is null) return Failed("its BTF is missing");
                layouts = KernelFingerprints.Of(lease.Kernel);
                await writer.WriteAsync(kernel, layouts?.All, ct);
            }

            if (layouts is null) log.LogWarning("{Kernel} has types that contain themselves; requests read its BTF each time", kernel.Id);
            return true;
        }
        catch (Exception e) when (e is CorruptBlobException or MissingModuleException or MalformedObjectException
            || StorageFault.Of(e) is not null)
        {
            return Failed(e.Message);
        }

        bool Failed(string reason)
        {
            _failed[LayoutSource.Of(kernel)] = clock.GetUtcNow();
            log.LogWarning("The layouts of {Kernel} cannot be read, so requests read its BTF each time: {Reason}", kernel.Id, reason);
            return false;
        }
    }
}
