using Microsoft.Extensions.Logging;
using Relo.Archive.Faults;

namespace Relo.Archive.Index;

/// <summary>
/// Updates the kernels in memory after other processes or nodes changed some (such as an import from the command line beside the running
/// service): when the engine signals a change, and before a request whose result such a change would affect.
/// </summary>
internal sealed class ArchiveWatcher
{
    // A check takes microseconds, over a network less than a millisecond. Requests do not wait longer for a database that does not answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly IIndexEngine _engine;
    private readonly ArchiveWriter _writer;
    private readonly KernelIndex _index;
    private readonly ILogger<ArchiveWatcher> _log;
    private readonly Lock _starting = new();
    private Task _last = Task.CompletedTask;
    private Task? _next;
    private string? _fault;

    public ArchiveWatcher(IIndexEngine engine, ArchiveWriter writer, KernelIndex index, ILogger<ArchiveWatcher> log) =>
        (_engine, _writer, _index, _log) = (engine, writer, index, log);

    /// <summary>Checks until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await NextLookAsync();
                await _engine.WaitForChangeAsync(ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The service is stopping.
        }
    }

    /// <summary>Returns once the index has everything that other processes committed before the call, or after one second.</summary>
    public async Task CatchUpAsync(CancellationToken ct)
    {
        try
        {
            await NextLookAsync().WaitAsync(Patience, ct);
        }
        catch (TimeoutException)
        {
            _log.LogInformation("The database was slow; a request was answered without the latest changes of other processes");
        }
    }

    // Callers share the next check: the one that is running may have begun before the change that they must see was committed.
    private Task NextLookAsync()
    {
        lock (_starting)
        {
            return _next ??= Task.Run(async () => // SQLite blocks the calling thread
            {
                await _last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                lock (_starting) (_last, _next) = (_next!, null);
                await LookAsync();
            });
        }
    }

    // A failed check is logged and retried: the kernels in memory can still be served.
    private async Task LookAsync()
    {
        try
        {
            bool isChanged;
            await using (var reader = await ArchiveReader.OpenAsync(_engine, CancellationToken.None))
                isChanged = await reader.VersionAsync(CancellationToken.None) != _index.Version;
            if (isChanged) await RefreshAsync(CancellationToken.None);
            _fault = null;
        }
        catch (Exception e) when (StorageFault.Of(e) is { } fault)
        {
            if (fault.Reason != _fault) // logged once: every two seconds would fill the log
                _log.LogWarning("Changes of other processes cannot be read: {Reason}", fault.Reason);
            _fault = fault.Reason;
        }
    }

    // While this process does not write, so that kernels it adds meanwhile stay in the index.
    internal Task RefreshAsync(CancellationToken ct) => _writer.InTurnAsync(
        async () =>
        {
            await using var reader = await ArchiveReader.OpenAsync(_engine, ct);
            var changes = await reader.ChangesAsync(_index.Version, ct);
            if (changes.Version < _index.Version)
            {
                var all = await reader.VersionedKernelsAsync(ct);
                _index.Load(all.Kernels, all.Version);
                _log.LogWarning("The database was replaced by an earlier one; it has {Kernels} kernels", all.Kernels.Count);
            }
            else if (changes.Changed.Count > 0)
            {
                _index.Apply(changes.Version, changes.Changed, changes.Kernels);
                _log.LogInformation(
                    "Another process changed {Changed} kernels; there are {Kernels} now", changes.Changed.Count, _index.Count);
            }

            return changes.Changed.Count;
        },
        ct);
}
