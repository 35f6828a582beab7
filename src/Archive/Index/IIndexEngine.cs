using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Faults;

namespace Relo.Archive.Index;

/// <summary>
/// The database engine of the index: everything that differs between SQLite and PostgreSQL. It also creates the contexts.
/// </summary>
internal interface IIndexEngine : IDbContextFactory<ArchiveDb>
{
    /// <summary>The database in messages; contains no password.</summary>
    string Name { get; }

    /// <summary>Brings the database up to date; one process of one node does it at a time.</summary>
    /// <exception cref="ArchiveStartupException">It cannot be used; the message says what to do.</exception>
    Task MigrateAsync(CancellationToken ct);

    /// <summary>Opens a connection for plain SQL. Table and column names are written without quotes.</summary>
    /// <param name="isNew">Whether to bypass the pool.</param>
    /// <param name="ct">Cancels.</param>
    Task<DbConnection> OpenAsync(bool isNew, CancellationToken ct);

    /// <summary>Begins a transaction in which all reads see one snapshot.</summary>
    Task<DbTransaction> SnapshotAsync(DbConnection connection, CancellationToken ct);

    /// <summary>
    /// Runs a write in a transaction that excludes the writers of all other processes and nodes from its first read to its commit.
    /// </summary>
    /// <param name="write">Reads and changes. May run again after a transient fault: nothing of the earlier run was committed.</param>
    /// <param name="isLong">Whether it may not use the database for minutes, because it copies or moves files.</param>
    Task<T> WriteAsync<T>(Func<ArchiveDb, Task<T>> write, bool isLong = false);

    /// <summary>Returns when another process may have changed kernels, or after the polling interval.</summary>
    Task WaitForChangeAsync(CancellationToken ct);

    /// <summary>
    /// Waits until no other node holds the lock of this name, and holds it until disposed or until the process ends. A single-node engine
    /// returns immediately.
    /// </summary>
    Task<IAsyncDisposable> LockAsync(string name, CancellationToken ct);

    /// <summary>The same lock, if no other node holds it; null if one does.</summary>
    Task<IAsyncDisposable?> TryLockAsync(string name, CancellationToken ct);

    /// <summary>Checks the stored pages, as far as the engine can; returns the faults.</summary>
    Task<IReadOnlyList<string>> CheckAsync(CancellationToken ct);

    /// <summary>Tries to read and write, for readiness; never throws for a fault of the database.</summary>
    Task<ProbeResult> ProbeAsync(CancellationToken ct);

    /// <summary>Writes a snapshot of the index to a new SQLite file. Rows that the service can make again may be left out.</summary>
    Task CopyToAsync(string file, CancellationToken ct);

    /// <summary>The message for a failed start, with what to do.</summary>
    Task<string> StartFaultAsync(DbException fault, CancellationToken ct);
}
