using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Relo.Archive.Faults;

namespace Relo.Archive.Index.Postgres;

/// <summary>
/// One write. A lock in its transaction excludes the writers of all nodes; the server releases it when the transaction or the connection
/// ends.
/// </summary>
/// <remarks>
/// If the connection breaks during the commit, the write runs again from the beginning: it finds what it did, if it was committed. Asking
/// the server for the state of the transaction (pg_xact_status) would be wrong: after a crash, the server may give the id of a lost
/// transaction to another one that commits.
/// </remarks>
internal sealed class PostgresWrite<T>(ArchiveDb db, Func<ArchiveDb, Task<T>> write, TimeSpan patience, bool isLong)
{
    // Ends the transaction of a node that vanished without closing its connection.
    private static readonly TimeSpan MostIdle = TimeSpan.FromMinutes(1);

    // A long write may be idle for longer. There the server's system asks the node's whether the connection still exists.
    private const string AskNode = ", set_config('tcp_keepalives_idle', '60', true), set_config('tcp_keepalives_interval', '10', true)";

    /// <summary>Runs the write from the beginning.</summary>
    /// <exception cref="ArchiveBusyException">Other nodes held the lock for too long.</exception>
    public async Task<T> RunAsync()
    {
        db.ChangeTracker.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        await LockAsync(transaction);
        var result = await write(db);
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    private async Task LockAsync(IDbContextTransaction transaction)
    {
        var mostIdle = isLong ? 0 : (int)MostIdle.TotalMilliseconds; // 0: no limit
        await using var command = Command(transaction, string.Create(CultureInfo.InvariantCulture, $"""
            SELECT set_config('lock_timeout', '{(int)patience.TotalMilliseconds}', true),
                set_config('idle_in_transaction_session_timeout', '{mostIdle}', true){(isLong ? AskNode : "")};
            SELECT pg_advisory_xact_lock({PostgresLocks.Relo}, {PostgresLocks.Writer})
            """));
        command.CommandTimeout = (int)(patience + TimeSpan.FromSeconds(5)).TotalSeconds;
        try
        {
            await command.ExecuteNonQueryAsync(CancellationToken.None);
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
