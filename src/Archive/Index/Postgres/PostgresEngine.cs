using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Relo.Archive.Settings;

namespace Relo.Archive.Index.Postgres;

/// <summary>The index in a PostgreSQL database that many nodes share.</summary>
internal sealed class PostgresEngine : IIndexEngine, IAsyncDisposable
{
    // Clients retry, too; a request must not hang for long while the server cannot be reached.
    private const int MostRetries = 2;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly PostgresServer _server;
    private readonly PooledDbContextFactory<PostgresDb> _contexts;
    private readonly PostgresMigration _migration;
    private readonly PostgresListener _listener;
    private readonly PostgresLocks _locks;
    private readonly TimeSpan _patience;

    public PostgresEngine(IOptions<ArchiveOptions> options, IServiceProvider services)
    {
        _server = new(options.Value.Database);
        _contexts = new(new DbContextOptionsBuilder<PostgresDb>()
            .UseNpgsql(_server.Pooled, npgsql => npgsql.EnableRetryOnFailure(MostRetries, LongestPause, errorCodesToAdd: null))
            .UseApplicationServiceProvider(services)
            // An import runs thousands of commands; one log line for each would bury the important lines.
            .ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandExecuted, LogLevel.Debug))).Options);
        (_listener, _locks) = (new(_server), new(_server));
        _migration = new(_server, this, options.Value.MigrationTimeout);
        _patience = options.Value.BusyTimeout;
    }

    public string Name => _server.Name;

    public ArchiveDb CreateDbContext() => _contexts.CreateDbContext();

    public Task MigrateAsync(CancellationToken ct) => _migration.RunAsync(ct);

    public async Task<DbConnection> OpenAsync(bool isNew, CancellationToken ct) =>
        await PostgresServer.OpenAsync(isNew ? _server.Single : _server.Pooled, ct);

    public async Task<DbTransaction> SnapshotAsync(DbConnection connection, CancellationToken ct) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);

    public async Task<T> WriteAsync<T>(Func<ArchiveDb, Task<T>> write, bool isLong = false)
    {
        await using var db = CreateDbContext();
        var attempts = new PostgresWrite<T>(db, write, _patience, isLong);
        return await db.Database.CreateExecutionStrategy().ExecuteAsync(attempts.RunAsync);
    }

    public Task WaitForChangeAsync(CancellationToken ct) => _listener.WaitAsync(ct);

    public Task<IAsyncDisposable> LockAsync(string name, CancellationToken ct) => _locks.LockAsync(name, ct);

    public Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken ct) => _locks.TryLockAsync(name, ct);

    // The server checks its pages as it reads them, if it was created with checksums; every row is read by the caller.
    public Task<IReadOnlyList<string>> CheckAsync(CancellationToken ct) => Task.FromResult<IReadOnlyList<string>>([]);

    public Task<ProbeResult> ProbeAsync(CancellationToken ct) => PostgresProbe.ProbeAsync(_server, ct);

    public async Task CopyToAsync(string file, CancellationToken ct)
    {
        await using var from = CreateDbContext();
        await from.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                File.Delete(file);
                await using var moment = await from.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, token);
                await IndexCopy.ToFileAsync(from, file, token);
            },
            ct);
    }

    public Task<string> StartFaultAsync(DbException fault, CancellationToken ct) => Task.FromResult(
        $"{_server.Name} cannot be used as the archive's index: {fault.Message}. "
        + (fault is PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName }
            ? "Create it (createdb), owned by the user that Archive:Database names"
            : "Check Archive:Database and the server's log"));

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await _locks.DisposeAsync();
        NpgsqlConnection.ClearPool(new(_server.Pooled));
    }
}
