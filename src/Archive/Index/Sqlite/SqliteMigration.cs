using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;

namespace Relo.Archive.Index.Sqlite;

/// <summary>
/// Brings the database up to date. EF guards migrations with a row in <c>__EFMigrationsLock</c>, which outlives a killed process and then
/// blocks every later start. We guard them with a locked file instead: the system releases it when its process dies, and its holder may
/// delete such a row. A time limit covers the remaining cases.
/// </summary>
internal sealed class SqliteMigration(ArchiveFolders folders, SqliteFile file, IDbContextFactory<ArchiveDb> contexts, TimeSpan limit)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    /// <exception cref="ArchiveStartupException">It took longer than the limit, or another version of Relo made the database.</exception>
    /// <exception cref="SqliteException">The file cannot be used as a database.</exception>
    public async Task RunAsync(CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(limit);
        try
        {
            await SetStaleLogAsideAsync(limited.Token);
            await MigrateAsync(limited.Token);
            await CheckJournalAsync(limited.Token);
            file.Watch();
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new ArchiveStartupException(
                $"bringing {folders.Database} up to date took longer than {limit.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s. "
                + $"Another process may be doing it: wait for it. If none is running, a killed one left its lock behind; "
                + $"remove it with: sqlite3 '{folders.Database}' 'DELETE FROM __EFMigrationsLock' "
                + "(Archive:MigrationTimeout sets the limit)", e);
        }
    }

    // SQLite deletes a write-ahead log beside a missing or empty database; that log may be all that remains of a lost database.
    private async Task SetStaleLogAsideAsync(CancellationToken ct)
    {
        if (!IsLogStale()) return;
        await using var held = await HoldAsync(ct);
        if (!IsLogStale()) return;
        Directory.CreateDirectory(folders.Orphans);
        File.Move(folders.Database + "-wal", Path.Combine(folders.Orphans, "relo.db-wal"), overwrite: true);
        File.Delete(folders.Database + "-shm");
    }

    private bool IsLogStale() =>
        new FileInfo(folders.Database) is not { Exists: true, Length: > 0 }
        && new FileInfo(folders.Database + "-wal") is { Exists: true, Length: > 0 };

    private async Task MigrateAsync(CancellationToken ct)
    {
        if (await IsUpToDateAsync(ct)) return;
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (!(await db.Database.GetPendingMigrationsAsync(ct)).Any()) return;
        await using var held = await HoldAsync(ct);
        await using (var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder(folders.ConnectionString) { Mode = SqliteOpenMode.ReadWriteCreate }.ConnectionString))
        {
            await connection.OpenAsync(ct);
            if (await ScalarAsync(connection, "SELECT count(*) FROM sqlite_master WHERE name = '__EFMigrationsLock'", ct) is 1L)
                await ScalarAsync(connection, "DELETE FROM __EFMigrationsLock", ct);
        }

        if (await IsUpToDateAsync(ct)) return; // by another process while this one waited
        // Versions first, so that every applied migration has one.
        await AppliedMigration.RecordAsync(db, await db.Database.GetPendingMigrationsAsync(ct), ct);

        await db.Database.MigrateAsync(ct);
    }

    private async Task<bool> IsUpToDateAsync(CancellationToken ct) =>
        await AppliedAsync(folders.ConnectionString, ct) is { } applied
            && AppliedMigration.IsComplete<ArchiveDb>(applied, folders.Database);

    /// <summary>The applied migrations. Null if the database is not ours or does not exist: the migration reports the fault.</summary>
    internal static async Task<List<AppliedMigration>?> AppliedAsync(string connectionString, CancellationToken ct)
    {
        try
        {
            await using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadWrite }.ConnectionString);
            await connection.OpenAsync(ct);
            const string Recorded = $"SELECT count(*) FROM sqlite_master WHERE name = '{AppliedMigration.Versions}'";
            return await AppliedMigration.ReadAsync(connection, await ScalarAsync(connection, Recorded, ct) is 1L, ct);
        }
        catch (SqliteException)
        {
            return null;
        }
    }

    // WAL lets readers and one writer of several processes work concurrently; without it, a writer blocks all readers.
    private async Task CheckJournalAsync(CancellationToken ct)
    {
        await using var connection = new SqliteConnection(folders.ConnectionString);
        await connection.OpenAsync(ct);
        var mode = await ScalarAsync(connection, "PRAGMA journal_mode = wal", ct) as string;
        if (mode != "wal")
            throw new ArchiveStartupException(
                $"{folders.Database} has journal mode '{mode}', expected 'wal'; "
                + $"its file system may not support shared memory: use a local disk");
    }

    private async Task<FileStream> HoldAsync(CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return new FileStream(folders.MigrationLock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (LeftOvers.IsLocked(e))
            {
                await Task.Delay(AskAgain, ct); // another process is migrating
            }
            catch (IOException e) when (File.Exists(folders.MigrationLock))
            {
                throw new ArchiveStartupException($"{folders.MigrationLock} cannot be opened: {e.Message}", e);
            }
        }
    }

    private static async Task<object?> ScalarAsync(SqliteConnection connection, string sql, CancellationToken ct)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // every caller passes a constant
        command.CommandText = sql;
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(ct);
    }
}
