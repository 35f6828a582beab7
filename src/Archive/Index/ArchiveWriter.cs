using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;

namespace Relo.Archive.Index;

/// <summary>
/// The only way to write the index. One writer at a time per process: with SQLite's own waiting, two writers of one process starve each
/// other (seconds instead of milliseconds). A transaction begins immediately, so it also excludes writers of other processes, and what it
/// reads stays valid until it ends.
/// </summary>
internal sealed class ArchiveWriter(IDbContextFactory<ArchiveDb> contexts, IOptions<ArchiveOptions> options) : IDisposable
{
    private readonly TimeSpan _patience = options.Value.BusyTimeout;
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Runs <paramref name="write"/> in a transaction.</summary>
    /// <param name="write">Reads and changes; everything is saved when it returns.</param>
    /// <param name="committed">Runs after the commit and before the next writer; updates memory in the order of the commits.</param>
    /// <param name="ct">Cancels waiting for the turn; a write that has begun runs to its end.</param>
    /// <exception cref="ArchiveBusyException">The turn did not come in time.</exception>
    public async Task<T> WriteAsync<T>(Func<ArchiveDb, Task<T>> write, Action<T> committed, CancellationToken ct)
    {
        // If the writer before us waits for another process, all would queue up and keep their data in memory.
        if (!await _turn.WaitAsync(_patience, ct)) throw new ArchiveBusyException(_patience);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
            var result = await WriteAsync(db, write);
            committed(result);
            return result;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static async Task<T> WriteAsync<T>(ArchiveDb db, Func<ArchiveDb, Task<T>> write)
    {
        try
        {
            // Microsoft.Data.Sqlite begins with BEGIN IMMEDIATE unless asked for a deferred transaction.
            await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
            var result = await write(db);
            await db.SaveChangesAsync(CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
            return result;
        }
        catch (Exception e) when (StorageFault.Of(e) is not null && db.Database.GetDbConnection() is SqliteConnection connection)
        {
            // A connection opened while the disk was read-only stays read-only; the next writer opens a new one.
            SqliteConnection.ClearPool(connection);
            throw;
        }
    }

    public void Dispose() => _turn.Dispose();
}
