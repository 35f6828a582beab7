using Microsoft.Data.Sqlite;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Index;

/// <summary>
/// Reads the index at start, and whenever another process has written to it. It uses plain SQL because building EF's model and its first
/// queries take almost as long as the rest of the start. EF does all writes and every other query.
/// </summary>
internal sealed class ArchiveReader(SqliteConnection connection) : IAsyncDisposable, IDisposable
{
    private const string OfKernel =
        "Id, Distro, Version, Arch, Release, Btf, BtfSizeBytes, Source, AddedAt, "
        + "FileSizeBytes, FileModifiedAt, BuildId, Banner";

    /// <summary>Opens the database.</summary>
    public static async Task<ArchiveReader> OpenAsync(string connectionString, CancellationToken ct)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(ct);
        return new(connection);
    }

    /// <summary>
    /// The applied migrations. Null if the database is not ours or does not exist: migrating reports what is wrong with it.
    /// </summary>
    public static async Task<List<AppliedMigration>?> MigrationsAsync(string connectionString, CancellationToken ct)
    {
        try
        {
            await using var reader = await OpenAsync(
                new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadWrite }.ConnectionString, ct);
            var isTold = (await reader.ListAsync(
                $"SELECT count(*) FROM sqlite_master WHERE name = '{AppliedMigration.Versions}'", row => row.GetInt64(0), ct))[0] > 0;
            var version = isTold ? $"(SELECT Version FROM {AppliedMigration.Versions} v WHERE v.MigrationId = h.MigrationId)" : "NULL";
            return await reader.ListAsync(
                $"SELECT MigrationId, {version} FROM __EFMigrationsHistory h",
                row => new AppliedMigration(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1)), ct);
        }
        catch (SqliteException)
        {
            return null;
        }
    }

    /// <summary>All kernels with their modules.</summary>
    /// <param name="ct">Cancels.</param>
    /// <param name="damaged">
    /// Called for each table that cannot be read to its end; the rows before the damage are returned. Null: damage throws.
    /// </param>
    public async Task<List<KernelRow>> KernelsAsync(CancellationToken ct, Action<SqliteException>? damaged = null)
    {
        // One transaction, so that both tables are read in the same state.
        await using var transaction = connection.BeginTransaction(deferred: true);
        var kernels = await ListAsync($"SELECT {OfKernel} FROM Kernels", Kernel, ct, damaged);
        var byId = kernels.ToDictionary(k => k.Id, StringComparer.Ordinal);
        foreach (var module in await ListAsync("SELECT KernelId, Name, Btf, BtfSizeBytes, AddedAt FROM Modules", Module, ct, damaged))
            if (byId.TryGetValue(module.KernelId, out var kernel)) kernel.Modules.Add(module);
        return kernels;
    }

    /// <summary>All kept objects.</summary>
    public Task<HashSet<Digest>> ObjectsAsync(CancellationToken ct, Action<SqliteException>? damaged = null) =>
        DigestsAsync("SELECT Digest FROM Objects NOT INDEXED", ct, damaged);

    /// <summary>All tags.</summary>
    public Task<List<string>> TagsAsync(CancellationToken ct) =>
        ListAsync("SELECT Name FROM Tags NOT INDEXED", row => row.GetString(0), ct);

    /// <summary>SQLite's check of every page and index: <c>ok</c>, or what is wrong.</summary>
    public Task<List<string>> IntegrityAsync(CancellationToken ct) => ListAsync("PRAGMA integrity_check", row => row.GetString(0), ct);

    /// <summary>The BTF of all kernels and modules.</summary>
    public Task<HashSet<Digest>> BtfInUseAsync(CancellationToken ct) =>
        DigestsAsync("SELECT Btf FROM Kernels NOT INDEXED UNION ALL SELECT Btf FROM Modules NOT INDEXED", ct);

    /// <summary>The number of kept objects and their total bytes.</summary>
    public async Task<(long Count, long Bytes)> ObjectTotalsAsync(CancellationToken ct) =>
        (await ListAsync("SELECT Count, Bytes FROM ObjectTotals WHERE Id = 1", row => (row.GetInt64(0), row.GetInt64(1)), ct))[0];

    /// <summary>The latest use of any object, in UTC ticks; null if there are no objects.</summary>
    public async Task<long?> LastUseAsync(CancellationToken ct) =>
        (await ListAsync("SELECT max(LastUsedAt) FROM Objects", row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0), ct))[0];

    /// <summary>Last use of the least recently used object without a tag, in UTC ticks; null if there is none.</summary>
    public async Task<long?> LongestUnusedAsync(CancellationToken ct) =>
        (await ListAsync(
            "SELECT min(LastUsedAt) FROM Objects WHERE Digest NOT IN (SELECT Digest FROM Tags)",
            row => row.IsDBNull(0) ? (long?)null : row.GetInt64(0), ct))[0];

    /// <summary>The number of kernels and of modules, and when the newest of each was added.</summary>
    public async Task<KernelIndex.Contents> ExtentAsync(CancellationToken ct)
    {
        const string extent = "SELECT (SELECT count(*) FROM Kernels), (SELECT coalesce(max(AddedAt), 0) FROM Kernels), "
            + "(SELECT count(*) FROM Modules), (SELECT coalesce(max(AddedAt), 0) FROM Modules)";
        return (await ListAsync(
            extent, row => new KernelIndex.Contents(row.GetInt32(0), row.GetInt64(1), row.GetInt32(2), row.GetInt64(3)), ct))[0];
    }

    /// <summary>SQLite's data version: changes when another connection commits. Costs microseconds.</summary>
    public async Task<long> VersionAsync(CancellationToken ct) => (await ListAsync("PRAGMA data_version", row => row.GetInt64(0), ct))[0];

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private static KernelRow Kernel(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Distro = row.GetString(1),
        Version = row.GetString(2),
        Arch = row.GetString(3),
        Release = row.GetString(4),
        Btf = row.GetString(5),
        BtfSizeBytes = row.GetInt64(6),
        Source = row.GetString(7),
        AddedAt = row.GetInt64(8),
        FileSizeBytes = row.IsDBNull(9) ? null : row.GetInt64(9),
        FileModifiedAt = row.IsDBNull(10) ? null : row.GetInt64(10),
        BuildId = row.IsDBNull(11) ? null : row.GetString(11),
        Banner = row.IsDBNull(12) ? null : row.GetString(12),
    };

    private static ModuleRow Module(SqliteDataReader row) => new()
    {
        KernelId = row.GetString(0),
        Name = row.GetString(1),
        Btf = row.GetString(2),
        BtfSizeBytes = row.GetInt64(3),
        AddedAt = row.GetInt64(4),
    };

    private async Task<HashSet<Digest>> DigestsAsync(string sql, CancellationToken ct, Action<SqliteException>? damaged = null) =>
        [.. await ListAsync(sql, row => Digest.Parse(row.GetString(0)), ct, damaged)];

    private async Task<List<T>> ListAsync<T>(
        string sql, Func<SqliteDataReader, T> read, CancellationToken ct, Action<SqliteException>? damaged = null)
    {
        var list = new List<T>();
        try
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // every caller passes a constant
            command.CommandText = sql;
#pragma warning restore CA2100
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct)) list.Add(read(rows));
        }
        catch (SqliteException e) when (damaged is not null)
        {
            damaged(e);
        }
        catch (Exception e) when (DamagedRow.IsCauseOf(e))
        {
            var fault = DamagedRow.In($"'{sql}'", e);
            if (damaged is null) throw fault;
            damaged(fault);
        }

        return list;
    }
}
