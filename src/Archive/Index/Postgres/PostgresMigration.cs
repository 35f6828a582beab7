using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using Relo.Archive.Faults;

namespace Relo.Archive.Index.Postgres;

/// <summary>
/// Brings the database up to date, one node at a time. Waits for a server that cannot be reached yet, because both may have just been
/// started.
/// </summary>
internal sealed class PostgresMigration(PostgresServer server, IIndexEngine engine, TimeSpan limit)
{
    private const int OldestServer = 13; // the first with pg_current_xact_id

    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(250);

    /// <exception cref="ArchiveStartupException">The database cannot be used; the message says what to do.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(limit);
        NpgsqlException? away = null;
        while (true)
        {
            try
            {
                await MigrateAsync(limited.Token);
                return;
            }
            catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
            {
                throw TookTooLong(away, e);
            }
            catch (NpgsqlException e) when (PostgresFault.IsAway(e))
            {
                away = e;
                if (limited.IsCancellationRequested) throw TookTooLong(away, e);
            }
            catch (RetryLimitExceededException e) when (e.InnerException is NpgsqlException inner && PostgresFault.IsAway(inner))
            {
                away = inner;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                throw new ArchiveStartupException(
                    $"{server.Name} must be upgraded to Relo {AppliedMigration.Ours}, but its user is not allowed to do that: "
                        + $"{e.MessageText}. "
                    + "Run a command such as 'relo list' once as a user with that right, or grant it to this user", e);
            }

            await Task.Delay(AskAgain, ct);
        }
    }

    private ArchiveStartupException TookTooLong(NpgsqlException? away, Exception cause)
    {
        var seconds = limit.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return new(
            away is not null
                ? $"{server.Name} cannot be used: {away.Message}. Tried for {seconds} s (Archive:MigrationTimeout)"
                : $"bringing {server.Name} up to date took longer than {seconds} s. Another node may be doing it: wait for it "
                    + "(Archive:MigrationTimeout sets the limit)",
            cause);
    }

    private async Task MigrateAsync(CancellationToken ct)
    {
        await using var connection = await PostgresServer.OpenAsync(server.Single, ct);
        if (connection.PostgreSqlVersion.Major < OldestServer)
            throw new ArchiveStartupException($"{server.Name} has version {connection.PostgreSqlVersion}; expected "
                + $"{OldestServer} or later");
        if (await ScalarAsync(connection, "SELECT current_setting('server_encoding')", ct) is not "UTF8" and var encoding)
            throw new ArchiveStartupException($"{server.Name} has the encoding {encoding}; create it with ENCODING 'UTF8' "
                + "TEMPLATE template0");
        if (await IsUpToDateAsync(connection, ct)) return;

        // The server releases the lock with this connection, also when this node dies.
        await ScalarAsync(connection, $"SELECT pg_advisory_lock({PostgresLocks.Relo}, {PostgresLocks.Migration})", ct);
        if (await IsUpToDateAsync(connection, ct)) return; // by another node while this one waited
        await using var db = engine.CreateDbContext();
        // Versions first, so that every applied migration has one.
        await AppliedMigration.RecordAsync(db, await db.Database.GetPendingMigrationsAsync(ct), ct);
        await db.Database.MigrateAsync(ct);
    }

    private async Task<bool> IsUpToDateAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (!await ExistsAsync("\"__EFMigrationsHistory\"")) return false;
        var applied = await AppliedMigration.ReadAsync(connection, await ExistsAsync(AppliedMigration.Versions), ct);
        return AppliedMigration.IsComplete<PostgresDb>(applied, server.Name);

        async Task<bool> ExistsAsync(string table)
            => await ScalarAsync(connection, $"SELECT to_regclass('{table}') IS NOT NULL", ct) is true;
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
#pragma warning disable CA2100 // every caller passes a constant
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(ct);
    }
}
