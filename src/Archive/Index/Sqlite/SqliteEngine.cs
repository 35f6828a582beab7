using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Blobs;
using Relo.Archive.Faults;
using Relo.Archive.Settings;

namespace Relo.Archive.Index.Sqlite;

/// <summary>The index as a file under <c>Archive:Root</c>, for one machine. Several processes may use it.</summary>
internal sealed class SqliteEngine : IIndexEngine, IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private const int ReadOnly = 8; // SQLITE_READONLY

    private readonly ArchiveFolders _folders;
    private readonly ArchiveBlobs _blobs;
    private readonly SqliteFile _file;
    private readonly SqliteMigration _migration;
    private readonly PooledDbContextFactory<ArchiveDb> _contexts;

    public SqliteEngine(ArchiveFolders folders, ArchiveBlobs blobs, IOptions<ArchiveOptions> options, IServiceProvider services)
    {
        (_folders, _blobs, _file) = (folders, blobs, new(folders));
        _contexts = new(Options(folders.ConnectionString).UseApplicationServiceProvider(services).AddInterceptors(_file)
            // An import runs thousands of commands; one log line for each would bury the important lines.
            .ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandExecuted, LogLevel.Debug))).Options);
        _migration = new(folders, _file, this, options.Value.MigrationTimeout);
    }

    public string Name => _folders.Database;

    public ArchiveDb CreateDbContext() => _contexts.CreateDbContext();

    public Task MigrateAsync(CancellationToken ct) => _migration.RunAsync(ct);

    public async Task<DbConnection> OpenAsync(bool isNew, CancellationToken ct)
    {
        _file.Check();
        var connection = new SqliteConnection(isNew ? Unpooled(_folders.ConnectionString) : _folders.ConnectionString);
        await connection.OpenAsync(ct);
        return connection;
    }

    public Task<DbTransaction> SnapshotAsync(DbConnection connection, CancellationToken ct) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: true));

    public async Task<T> WriteAsync<T>(Func<ArchiveDb, Task<T>> write, bool isLong = false)
    {
        try
        {
            return await WriteOnceAsync(write);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == ReadOnly)
        {
            // A reader opened this connection while the disk was read-only. If the disk still is, a new connection fails in the same way.
            return await WriteOnceAsync(write);
        }
    }

    private async Task<T> WriteOnceAsync<T>(Func<ArchiveDb, Task<T>> write)
    {
        await using var db = CreateDbContext();
        try
        {
            // Microsoft.Data.Sqlite begins with BEGIN IMMEDIATE unless asked for a deferred transaction.
            await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
            var result = await write(db);
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

    public Task WaitForChangeAsync(CancellationToken ct) => Task.Delay(LookEvery, ct);

    public Task<IAsyncDisposable> LockAsync(string name, CancellationToken ct) => Task.FromResult<IAsyncDisposable>(NoLock.Instance);

    public Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken ct) => Task.FromResult<IAsyncDisposable?>(NoLock.Instance);

    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken ct)
    {
        if (new FileInfo(_folders.Database) is not { Exists: true, Length: > 0 })
            return [$"there is no {_folders.Database}, or it is empty; restore it from a backup"];
        var faults = new List<string>();
        await using var connection = await OpenAsync(isNew: true, ct);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check"; // checks every page and index; returns "ok" or the faults
        await using var lines = await command.ExecuteReaderAsync(ct);
        while (await lines.ReadAsync(ct))
            if (lines.GetString(0) is not "ok" and var line) faults.Add(line);
        return faults;
    }

    public Task<ProbeResult> ProbeAsync(CancellationToken ct) => Task.Run(() => SqliteProbe.Probe(_folders, _file), ct);

    public async Task CopyToAsync(string file, CancellationToken ct)
    {
        await using var from = (SqliteConnection)await OpenAsync(isNew: false, ct);
        await using var to = new SqliteConnection(Unpooled($"Data Source={file}"));
        await to.OpenAsync(ct);
        // The read transaction sees one snapshot and avoids locks: unlike a command, the backup itself does not wait for a lock.
        await using var moment = from.BeginTransaction(deferred: true);
        await using var read = from.CreateCommand();
        read.CommandText = "SELECT count(*) FROM sqlite_master";
        read.ExecuteScalar();
        from.BackupDatabase(to);
        SqliteFile.MakeSingle(to);
    }

    public async Task<string> StartFaultAsync(DbException fault, CancellationToken ct) =>
        $"{_folders.Database} ({Size()}) cannot be used as the archive's database: {fault.Message}{await FolderFaultAsync(ct)}. "
        + $"If it is damaged, restore it from a backup; or move it away: then the service starts with a new database "
        + $"and moves the files without a row in it to {_folders.Orphans}";

    public void Dispose() => _file.Dispose();

    /// <summary>A context on a SQLite file.</summary>
    internal static DbContextOptionsBuilder<ArchiveDb> Options(string connectionString) =>
        new DbContextOptionsBuilder<ArchiveDb>().UseSqlite(connectionString);

    internal static string Unpooled(string connectionString) =>
        new SqliteConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;

    private string Size() => new FileInfo(_folders.Database) is { Exists: true } file ? $"{file.Length} bytes" : "missing";

    // SQLite reports 'disk I/O error' and 'unable to open' when the disk is full or read-only.
    private async Task<string> FolderFaultAsync(CancellationToken ct)
    {
        try
        {
            await _blobs.Btf.ProbeAsync(ct);
            return "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"; {StorageFault.Of(e)?.Reason ?? e.Message}";
        }
    }

    // Two processes of one machine may do the same work; the second finds the result of the first when it writes its own.
    private sealed class NoLock : IAsyncDisposable
    {
        public static readonly NoLock Instance = new();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
