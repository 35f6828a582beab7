using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Archive.Kernels;

namespace Relo.Archive.Upkeep;

/// <summary>
/// Updates the kernels in memory after other processes added or deleted some (such as an import from the command line beside the running
/// service): every two seconds, and before answering a request whose answer such a change would affect.
/// </summary>
internal sealed class ArchiveWatcher : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    // A check takes microseconds. Requests do not wait for it only while another process holds the database.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ArchiveDatabase _database;
    private readonly ArchiveWriter _writer;
    private readonly KernelIndex _index;
    private readonly ILogger<ArchiveWatcher> _log;
    private readonly SemaphoreSlim _turn = new(1);
    private ArchiveReader? _reader;
    private string? _fault;
    private long _seen = -1; // so that the first check covers every change since the start

    public ArchiveWatcher(ArchiveDatabase database, ArchiveWriter writer, KernelIndex index, ILogger<ArchiveWatcher> log) =>
        (_database, _writer, _index, _log) = (database, writer, index, log);

    /// <summary>Checks every two seconds until cancelled.</summary>
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

    /// <summary>Returns once the index has everything that other processes committed before the call, or after one second.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        try
        {
            await Task.Run(LookAsync, ct).WaitAsync(Patience, ct); // SQLite blocks the calling thread
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

    // A failed check is logged and retried: the kernels in memory can still be served.
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
            // Most changes by our own connections are in the index already; then nothing has to be read.
            if (await _reader.ExtentAsync(CancellationToken.None) != _index.Extent) await ReloadIfChangedAsync(CancellationToken.None);
            _seen = version;
        }
        catch (Exception e) when (StorageFault.Of(e) is { } fault)
        {
            if (fault.Reason != _fault) // logged once: every two seconds would fill the log
                _log.LogWarning("Changes of other processes cannot be read: {Reason}", fault.Reason);
            _fault = fault.Reason;
            _reader?.Dispose();
            _reader = null;
        }
        finally
        {
            _turn.Release();
        }
    }

    // As the only writer, so that kernels this process adds meanwhile stay in the snapshot.
    internal async Task ReloadIfChangedAsync(CancellationToken ct) => await _writer.WriteAsync(
        async db =>
        {
            // If counts and newest times match, the index already has the change, and nothing is read.
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
