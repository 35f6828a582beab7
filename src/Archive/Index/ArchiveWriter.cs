using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Faults;
using Relo.Archive.Settings;

namespace Relo.Archive.Index;

/// <summary>
/// The only way to write the index. One writer at a time per process: with SQLite's own waiting, two writers of one process starve each
/// other (seconds instead of milliseconds). The transaction also excludes writers of other processes, and what it reads stays valid until
/// it ends.
/// </summary>
internal sealed class ArchiveWriter(
    IIndexEngine engine, KernelIndex index, IOptions<ArchiveOptions> options, ILogger<ArchiveWriter> log) : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _patience = options.Value.BusyTimeout;
    private readonly SemaphoreSlim _turn = new(1);
    private int _waiting, _gaveUp; // callers of this process that wait for their turn, or did so in vain

    /// <summary>Runs <paramref name="write"/> in a transaction.</summary>
    /// <param name="write">
    /// Reads and changes; everything is saved when it returns. May run again after a transient fault, so it must not add to what an earlier
    /// run left in captured variables.
    /// </param>
    /// <param name="committed">Runs after the commit and before the next writer; updates memory in the order of the commits.</param>
    /// <param name="ct">Cancels waiting for the turn; a write that has begun runs to its end.</param>
    /// <param name="copiesTrail">See <see cref="ArchiveDb.CopiesTrail"/>.</param>
    /// <param name="isLong">Whether it may not use the database for minutes, because it copies or moves files.</param>
    /// <param name="writer">The file of the caller, for the log.</param>
    /// <exception cref="ArchiveBusyException">Other writers took too long.</exception>
    public Task<T> WriteAsync<T>(
        Func<ArchiveDb, Task<T>> write, Action<T> committed, CancellationToken ct, bool copiesTrail = false,
        bool isLong = false, [CallerFilePath] string writer = "") => InTurnAsync(
        async () =>
        {
            var began = Stopwatch.GetTimestamp();
            var gaveUp = Volatile.Read(ref _gaveUp);
            var (result, versions) = await engine.WriteAsync(async db =>
            {
                db.CopiesTrail = copiesTrail; // contexts are pooled and reused
                var result = await write(db);
                await db.SaveChangesAsync(CancellationToken.None);
                return (result, db.SavedVersions.ToList());
            }, isLong);
            committed(result);
            index.Includes(versions);
            if (!isLong && (Volatile.Read(ref _waiting) > 0 || Volatile.Read(ref _gaveUp) != gaveUp)
                && Stopwatch.GetElapsedTime(began) is var took && took > Long)
                log.LogWarning(
                    "A write of {Writer} took {Seconds:0.0} s, in which others had to wait", Path.GetFileNameWithoutExtension(writer),
                    took.TotalSeconds);
            return result;
        },
        ct);

    /// <summary>Runs something while this process does not write.</summary>
    /// <exception cref="ArchiveBusyException">Other writers took too long.</exception>
    internal async Task<T> InTurnAsync<T>(Func<Task<T>> work, CancellationToken ct)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            // Otherwise all writers would queue behind one that waits for another process, and keep their data in memory.
            if (!await _turn.WaitAsync(_patience, ct))
            {
                Interlocked.Increment(ref _gaveUp);
                throw new ArchiveBusyException(_patience);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
