using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;

namespace Relo.Archive.Index;

/// <summary>
/// The only way to write the index. One writer at a time per process: SQLite's own waiting lets two writers of a process starve each other
/// (seconds instead of milliseconds). A transaction begins immediately, so it shuts out the writers of other processes as well, and what is
/// read inside it holds until it ends.
/// </summary>
internal sealed class ArchiveWriter(IDbContextFactory<ArchiveDb> contexts, IOptions<ArchiveOptions> options) : IDisposable
{
    private readonly TimeSpan _patience = options.Value.BusyTimeout;
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Runs <paramref name="write"/> in a transaction.</summary>
    /// <param name="write">Reads and changes; everything is saved when it returns.</param>
    /// <param name="committed">Runs behind the commit, before the next writer's turn: for what must change in the same order in memory.</param>
    /// <param name="ct">Cancels waiting for the turn; once begun, a write ends.</param>
    /// <exception cref="ArchiveBusyException">The turn did not come in time.</exception>
    public async Task<T> WriteAsync<T>(Func<ArchiveDb, Task<T>> write, Action<T> committed, CancellationToken ct)
    {
        // Behind one that waits for another process, all would wait, and hold what they want to write.
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
            // A connection that was opened while the disk was read-only stays read-only; the next writer opens a new one.
            SqliteConnection.ClearPool(connection);
            throw;
        }
    }

    public void Dispose() => _turn.Dispose();
}
