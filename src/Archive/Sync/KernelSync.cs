using Microsoft.Extensions.Logging;
using Relo.Archive.Index;
using Relo.Archive.Layouts;
using Relo.Archive.Upstream;
using Relo.Archive.Upstream.Configured;

namespace Relo.Archive.Sync;

/// <summary>
/// Fetches all kernels of a source that are not here. May be stopped or killed at any moment: stored kernels stay and refused files are
/// recorded, so the next run continues.
/// </summary>
internal sealed class KernelSync(
    KernelSources sources, SourceLedger ledger, KernelIntake intake, KernelIndex index, ArchiveWatcher watcher, IIndexEngine engine,
    LayoutBuilder layouts, ILogger<KernelSync> log)
{
    /// <summary>The word for all sources that can be listed.</summary>
    public const string All = SourceSettingsCheck.All;

    /// <summary>The sources of this name; empty if there is none.</summary>
    public IReadOnlyList<IKernelSource> Named(string name) =>
        [.. sources.All.Where(source => source.Name.Length > 0 && source.CanList && (name == All || source.Name == name))];

    /// <summary>The names of the sources that can be listed.</summary>
    public IReadOnlyList<string> Names => [.. Named(All).Select(source => source.Name)];

    /// <summary>Syncs one source. Nodes take turns.</summary>
    /// <exception cref="SourceException">The source cannot be listed.</exception>
    public async Task<SyncSummary> RunAsync(
        IKernelSource source, SyncRequest request, IProgress<SyncProgress>? progress, CancellationToken ct)
    {
        await using var alone = await engine.LockAsync("sync:" + source.Name, ct);
        var (listed, faults) = await source.ListAsync(ct);
        if (!request.DryRun) await RecordAsync(source, listed, isComplete: faults.Count == 0, ct);
        await watcher.CatchUpAsync(ct);
        var rows = await ledger.ReadAsync(source.Name, ct);
        SourceKernel[] asked = [.. listed.Where(request.Matches)];
        SourceKernel[] lacking = [.. asked.Where(kernel => kernel.In(index) is null)];
        SourceKernel[] open =
        [
            .. lacking.Where(k => k.CanFetch && rows.GetValueOrDefault(SourceLedger.KeyOf(k))?.RefusedStamp != k.Stamp),
        ];
        var fetch = new SyncRun(source, request, ledger, intake, progress, open.Length);
        await fetch.RunAsync(open, ct);
        if (!request.DryRun) await layouts.BuildAsync(Environment.ProcessorCount, ct);
        var summary = fetch.Counted(new(source.Name, asked.Length)
        {
            Present = asked.Length - lacking.Length,
            RefusedBefore = lacking.Count(k => k.CanFetch) - open.Length,
            Faults = [.. faults.Select(fault => intake.Trouble(source, fault))],
        });
        log.LogInformation(
            "Sync of {Source}: {Listed} listed, {Present} present, {Fetched} {Done}, {Refused} refused, {Failed} failed, {Bytes} bytes",
            source.Name, summary.Listed, summary.Present, summary.Fetched, request.DryRun ? "would be fetched" : "fetched",
            summary.Refused + summary.RefusedBefore, summary.Failed, summary.Bytes);
        return summary;
    }

    private Task<bool> RecordAsync(IKernelSource source, IReadOnlyList<SourceKernel> listed, bool isComplete, CancellationToken ct) =>
        SyncRun.InTurnAsync(
            async () =>
            {
                await ledger.RecordListAsync(source.Name, listed, isComplete, ct);
                return true;
            },
            ct);
}
