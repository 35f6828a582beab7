using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Index;

namespace Relo.Archive;

/// <summary>
/// Takes notice of kernels that another process added or deleted (an import from the command line beside the running service), so that the
/// snapshot in memory follows without a restart.
/// </summary>
public sealed class ArchiveWatcher
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly ArchiveFolders _folders;
    private readonly ArchiveWriter _writer;
    private readonly KernelIndex _index;
    private readonly ILogger<ArchiveWatcher> _log;

    internal ArchiveWatcher(ArchiveFolders folders, ArchiveWriter writer, KernelIndex index, ILogger<ArchiveWatcher> log) =>
        (_folders, _writer, _index, _log) = (folders, writer, index, log);

    /// <summary>Looks every two seconds until it is cancelled; returns then. That a look fails is told, and the next one is tried.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await using var reader = await ArchiveReader.OpenAsync(_folders.ConnectionString, ct);
        var seen = -1L; // whatever happened between the start and here is looked at first
        using var timer = new PeriodicTimer(Every);
        try
        {
            do
            {
                try
                {
                    var version = await reader.VersionAsync(ct);
                    if (version == seen) continue;
                    // Most of what another connection of ours wrote is in the index already: then nothing has to be read.
                    if (await reader.ExtentAsync(ct) != _index.Extent) await ReloadIfChangedAsync(ct);
                    seen = version;
                }
                catch (Exception e) when (StorageFault.Of(e) is { } fault)
                {
                    _log.LogWarning("The archive could not be looked at: {Reason}", fault.Reason);
                }
            }
            while (await timer.WaitForNextTickAsync(ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    // In the writer's turn, so that no kernel this process adds meanwhile is lost from the snapshot.
    internal async Task ReloadIfChangedAsync(CancellationToken ct) => await _writer.WriteAsync(
        async db =>
        {
            // Our own writes are in the index already: then count and newest are the same, and nothing is read.
            var here = _index.Extent;
            var there = new KernelIndex.Contents(
                await db.Kernels.CountAsync(ct), await db.Kernels.MaxAsync(k => (long?)k.AddedAt, ct) ?? 0,
                await db.Modules.CountAsync(ct), await db.Modules.MaxAsync(m => (long?)m.AddedAt, ct) ?? 0);
            return here == there ? null : await db.Kernels.AsNoTracking().Include(k => k.Modules).ToListAsync(ct);
        },
        rows =>
        {
            if (rows is null) return;
            _index.Load(rows.Select(row => row.ToKernel()));
            _log.LogInformation("Another process changed the archive; it has {Kernels} kernels now", rows.Count);
        },
        ct);
}
