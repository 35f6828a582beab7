using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Relo.Archive.Faults;

namespace Relo.Archive.Index.Postgres;

/// <summary>
/// One write. A lock in its transaction excludes the writers of all nodes; the server releases it when the transaction or the connection
/// ends. If the connection breaks during the commit, a query finds out whether it committed, so that no write is repeated.
/// </summary>
internal sealed class PostgresWrite<T>(ArchiveDb db, Func<ArchiveDb, Task<T>> write, TimeSpan patience)
{
    // Ends the transaction of a node that vanished without closing its connection.
    private static readonly TimeSpan MostIdle = TimeSpan.FromMinutes(1);

    private (string Transaction, T Result)? _committing;

    /// <summary>Runs the write from the beginning.</summary>
    /// <exception cref="ArchiveBusyException">Other nodes held the lock for too long.</exception>
    public async Task<T> RunAsync()
    {
        _committing = null;
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        var id = await LockAsync(transaction);
        var result = await write(db);
        _committing = (id, result);
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    /// <summary>Whether the failed transaction was committed after all.</summary>
    public async Task<ExecutionResult<T>> FindOutAsync()
    {
        if (_committing is not { } committing) return new(false, default!);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        await LockAsync(transaction); // the earlier transaction has ended: it held the lock
        await using var command = Command(transaction, "SELECT pg_xact_status(CAST(@id AS xid8))");
        command.Parameters.Add(new NpgsqlParameter("id", committing.Transaction));
        try
        {
            var isCommitted = await command.ExecuteScalarAsync(CancellationToken.None) is "committed";
            return new(isCommitted, isCommitted ? committing.Result : default!);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            return new(false, default!); // a standby took over that has never seen the transaction
        }
    }

    /// <returns>The id of the transaction.</returns>
    private async Task<string> LockAsync(IDbContextTransaction transaction)
    {
        await using var command = Command(transaction, string.Create(CultureInfo.InvariantCulture, $"""
            SELECT set_config('lock_timeout', '{(int)patience.TotalMilliseconds}', true),
                set_config('idle_in_transaction_session_timeout', '{(int)MostIdle.TotalMilliseconds}', true);
            SELECT pg_advisory_xact_lock({PostgresLocks.Relo}, {PostgresLocks.Writer});
            SELECT CAST(pg_current_xact_id() AS text)
            """));
        command.CommandTimeout = (int)(patience + TimeSpan.FromSeconds(5)).TotalSeconds;
        try
        {
            await using var rows = await command.ExecuteReaderAsync(CancellationToken.None);
            await rows.NextResultAsync(CancellationToken.None);
            await rows.NextResultAsync(CancellationToken.None);
            await rows.ReadAsync(CancellationToken.None);
            return rows.GetString(0);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new ArchiveBusyException(patience);
        }
    }

    private static DbCommand Command(IDbContextTransaction transaction, string sql)
    {
        var command = transaction.GetDbTransaction().Connection!.CreateCommand();
#pragma warning disable CA2100 // every caller passes a constant, or one with numbers
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = transaction.GetDbTransaction();
        return command;
    }
}
