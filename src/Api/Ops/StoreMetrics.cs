using System.Diagnostics.Metrics;
using Relo.Api.BtfHubOnline;
using Relo.Api.Caching;
using Relo.Api.Compatibility;
using Relo.Api.Http.Limits;
using Relo.Api.Mediation;
using Relo.Api.Relocations;
using Relo.Api.Work;
using Relo.Archive.Blobs;
using Relo.Archive.Damage;
using Relo.Archive.Differences;
using Relo.Archive.Index;
using Relo.Archive.Objects;
using Relo.Archive.OnDemand;
using Relo.Archive.Opened;

namespace Relo.Api.Ops;

/// <summary>
/// Instruments of meter <c>Relo</c> for memory and disk use, read on demand. A hosted service, so that they exist from the start.
/// </summary>
internal sealed class StoreMetrics(IMeterFactory meters, ObjectRemoval objects, RelocationRunner results, WorkGate gate,
    MemoryBudget memory, CompatibilityRunner compatibility, PackedBtf packed, BtfCache btfs, KernelIndex kernels, KernelOpener opener,
    Quarantine quarantine, ArchiveFolders folders, BtfPacker packer, DroppedLines dropped) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(UseCaseMetrics.Meter);
        Count(meter, "relo.objects.added", "{object}", "Objects added whose bytes were new", () => [new(objects.Tally.Added)]);
        Count(meter, "relo.objects.removed", "{object}", "Objects removed, by reason", () =>
        [
            Of(objects.Tally.RemovedUnused, "reason", "unused"), Of(objects.Tally.RemovedForRoom, "reason", "room"),
            Of(objects.Tally.Deleted, "reason", "deleted"),
        ]);
        Gauge(meter, "relo.objects.kept", "{object}", "Stored objects", () => objects.Tally.Count);
        Gauge(meter, "relo.objects.size", "By", "Size of the stored objects", () => objects.Tally.Bytes);
        Show(meter, "relo.results", "relocations", results.Tally);
        Gauge(meter, "relo.relocations.waiting", "{relocation}", "Work items, such as relocations, waiting for a processor",
            () => gate.Waiting);
        Gauge(meter, "relo.relocations.long", "{relocation}", "Work items, such as relocations, running at the lowest priority",
            () => gate.Long);
        Gauge(meter, "relo.uploads.size", "By", "Memory held by uploads in progress", () => memory.TakenFor(MemoryUse.Upload));
        Gauge(meter, "relo.work.size", "By", "Estimated memory of work in progress",
            () => memory.TakenFor(MemoryUse.Work));
        Gauge(meter, "relo.answers.size", "By", "Memory held by responses that are being sent",
            () => memory.TakenFor(MemoryUse.Answer));
        Show(meter, "relo.compatibility", "outcomes of compatibility checks", compatibility.Tally);
        Show(meter, "relo.packed", "packed BTF", packed.Tally);
        Gauge(meter, "relo.btf.open", "By", "Size of the open kernel BTF", () => btfs.BytesOpen);
        Gauge(meter, "relo.disk_cache.size", "By", "Disk size of cached indexes and copies of blobs",
            () => folders.Cache.Bytes);
        Count(meter, "relo.disk_cache.evicted", "{file}", "Cached indexes and copies of blobs evicted to make room on disk",
            () => [new(folders.Cache.Evicted)]);
        Count(meter, "relo.btf.stored_packed", "{file}", "BTF that was packed on the disk", () => [new(packer.Packed)]);
        Count(meter, "relo.btf.stored_packed.size", "By", "Size of that BTF, before and after",
            () => [Of(packer.RawBytes, "form", "raw"), Of(packer.PackedBytes, "form", "packed")]);
        Count(meter, "relo.quarantined", "{file}", "Damaged files moved to quarantine, by kind",
            () => [Of(quarantine.Btf, "kind", "btf"), Of(quarantine.Objects, "kind", "object")]);
        Count(meter, "relo.btf.restored", "{file}", "Damaged or missing BTF restored from the upstream archive",
            () => [new(opener.Restored)]);
        Count(meter, "relo.log.dropped", "{line}", "Log lines dropped because standard error was not read or failed",
            () => [new(dropped.Count)]);
        Gauge(meter, "relo.kernels.damaged", "{kernel}", "Kernels whose BTF, or the BTF of a module, is damaged or missing",
            () => kernels.Damaged);
        Gauge(meter, "relo.kernels", "{kernel}", "Kernels in the archive", () => kernels.Count);
        Gauge(meter, "relo.kernels.size", "By", "Size of the kernels' BTF; BTF shared by kernels counts once",
            () => kernels.BtfBytes);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void Show(Meter meter, string name, string what, CacheTally tally)
    {
        Count(meter, $"{name}.asked", "{request}", $"Requests for {what}: computed, joined to a running computation, or cached",
            () => [Of(tally.Made, "outcome", "made"), Of(tally.Joined, "outcome", "joined"), Of(tally.Hits, "outcome", "hit")]);
        Count(meter, $"{name}.evicted", "{value}", $"Cached {what} evicted to make room", () => [new(tally.Evicted)]);
        Gauge(meter, $"{name}.kept", "{value}", $"Cached {what}", () => tally.Count);
        Gauge(meter, $"{name}.size", "By", $"Size of the cached {what}", () => tally.Bytes);
    }

    private static void Count(Meter meter, string name, string unit, string description, Func<IEnumerable<Measurement<long>>> read)
        => meter.CreateObservableCounter(name, read, unit, description);

    private static void Gauge(Meter meter, string name, string unit, string description, Func<long> read) =>
        meter.CreateObservableGauge(name, read, unit, description);

    private static Measurement<long> Of(long value, string name, string tag) => new(value, new KeyValuePair<string, object?>(name, tag));
}
