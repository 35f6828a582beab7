using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.Kernels;

namespace Relo.Archive.Upkeep;

/// <summary>
/// Brings the kernels in memory up to what other processes added or deleted (an import from the command line beside the running service): every two seconds, and for a
/// question that a change would answer differently, before it is answered.
/// </summary>
internal sealed class ArchiveWatcher : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    // A look takes microseconds. Only where another process holds the database does a question not wait for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ArchiveDatabase _database;
    private readonly ArchiveWriter _writer;
    private readonly KernelIndex _index;
    private readonly ILogger<ArchiveWatcher> _log;
    private readonly SemaphoreSlim _turn = new(1);
    private ArchiveReader? _reader;
    private string? _fault;
    private long _seen = -1; // whatever happened between the start and the first look is looked at

    public ArchiveWatcher(ArchiveDatabase database, ArchiveWriter writer, KernelIndex index, ILogger<ArchiveWatcher> log) =>
        (_database, _writer, _index, _log) = (database, writer, index, log);

    /// <summary>Looks every two seconds until it is cancelled; returns then.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Every);
        try
        {
            do await LookAsync();
            while (await timer.WaitForNextTickAsync(ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    /// <summary>Returns when what other processes committed before is in the index, or when that takes longer than a second.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        try
        {
            await Task.Run(LookAsync, ct).WaitAsync(Patience, ct); // SQLite waits on the thread that asks
        }
        catch (TimeoutException)
        {
            _log.LogInformation("A question was answered before the changes of another process were read, which holds the database");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader?.Dispose();
        _turn.Dispose();
    }

    // That a look fails is logged, and the next one is tried: what is in memory can still be given.
    private async Task LookAsync()
    {
        await _turn.WaitAsync();
        try
        {
            _database.Check();
            _reader ??= await _database.ReadAsync(CancellationToken.None);
            var version = await _reader.VersionAsync(CancellationToken.None);
            _fault = null;
            if (version == _seen) return;
            // Most of what another connection of ours wrote is in the index already: then nothing has to be read.
            if (await _reader.ExtentAsync(CancellationToken.None) != _index.Extent) await ReloadIfChangedAsync(CancellationToken.None);
            _seen = version;
        }
        catch (Exception e) when (StorageFault.Of(e) is { } fault)
        {
            if (fault.Reason != _fault) _log.LogWarning("Changes of other processes cannot be read: {Reason}", fault.Reason); // every two seconds it would fill the log
            _fault = fault.Reason;
            _reader?.Dispose();
            _reader = null;
        }
        finally
        {
            _turn.Release();
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
