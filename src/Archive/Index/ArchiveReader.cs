using System.Data.Common;
using System.Globalization;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Index;

/// <summary>
/// Reads the index at start, and whenever another process has written to it. It uses plain SQL because building EF's model and its first
/// queries take almost as long as the rest of the start. EF does all writes and every other query.
/// </summary>
internal sealed class ArchiveReader : IAsyncDisposable
{
    private const string OfKernel =
        "Id, Distro, Version, Arch, Release, Btf, BtfSizeBytes, Source, AddedAt, "
        + "FileSizeBytes, FileModifiedAt, BuildId, Banner";

    private const string OfModule = "KernelId, Name, Btf, BtfSizeBytes, AddedAt";

    private readonly IIndexEngine _engine;
    private readonly DbConnection _connection;

    private ArchiveReader(IIndexEngine engine, DbConnection connection) => (_engine, _connection) = (engine, connection);

    /// <summary>Opens the database.</summary>
    public static async Task<ArchiveReader> OpenAsync(IIndexEngine engine, CancellationToken ct, bool isNew = false) =>
        new(engine, await engine.OpenAsync(isNew, ct));

    /// <summary>All kernels with their modules.</summary>
    /// <param name="ct">Cancels.</param>
    /// <param name="damaged">
    /// Called for each table that cannot be read to its end; the rows before the damage are returned. Null: damage throws.
    /// </param>
    public async Task<List<KernelRow>> KernelsAsync(CancellationToken ct, Action<DbException>? damaged = null)
    {
        await using var moment = await _engine.SnapshotAsync(_connection, ct);
        var kernels = await ListAsync($"SELECT {OfKernel} FROM Kernels", ReadKernel, ct, damaged);
        var byId = new Dictionary<string, KernelRow>(StringComparer.Ordinal);
        foreach (var kernel in kernels) byId.TryAdd(kernel.Id, kernel); // a damaged index lets in a second row with the same id
        foreach (var module in await ListAsync($"SELECT {OfModule} FROM Modules", ReadModule, ct, damaged))
            if (byId.TryGetValue(module.KernelId, out var owner)) owner.Modules.Add(module);
        return kernels;
    }

    /// <summary>All kernels with their modules, and the version of the last change that is in them.</summary>
    public async Task<(long Version, List<Kernel> Kernels)> VersionedKernelsAsync(CancellationToken ct)
    {
        await using var moment = await _engine.SnapshotAsync(_connection, ct);
        return (await VersionAsync(ct), await ReadKernelsAsync("", "", ct));
    }

    /// <summary>The ids of the kernels that changed after a version, and those of them that exist, with their modules.</summary>
    public async Task<(long Version, List<string> Changed, List<Kernel> Kernels)> ChangesAsync(long after, CancellationToken ct)
    {
        await using var moment = await _engine.SnapshotAsync(_connection, ct);
        var since = $"(SELECT Id FROM KernelChanges WHERE Version > {after.ToString(CultureInfo.InvariantCulture)})";
        var changed = await ListAsync($"{since[1..^1]}", row => row.GetString(0), ct);
        return (await VersionAsync(ct), changed, await ReadKernelsAsync($" WHERE Id IN {since}", $" WHERE KernelId IN {since}", ct));
    }

    /// <summary>The version of the last change of any kernel; 0 if none was recorded. Costs microseconds.</summary>
    public async Task<long> VersionAsync(CancellationToken ct) =>
        (await ListAsync("SELECT coalesce(max(Version), 0) FROM KernelChanges", row => row.GetInt64(0), ct))[0];

    // Each query below that lists a whole table names a column that no index has: SQLite then reads the table itself, and a damaged index
    // neither hides rows nor invents them.

    /// <summary>All stored objects.</summary>
    public Task<HashSet<Digest>> ObjectsAsync(CancellationToken ct, Action<DbException>? damaged = null) =>
        DigestsAsync("SELECT Digest, SizeBytes FROM Objects", ct, damaged);

    /// <summary>All tags.</summary>
    public Task<List<string>> TagsAsync(CancellationToken ct) =>
        ListAsync("SELECT Name, MovedAt FROM Tags", row => row.GetString(0), ct);

    /// <summary>The BTF of all kernels and modules.</summary>
    public Task<HashSet<Digest>> BtfInUseAsync(CancellationToken ct) =>
        DigestsAsync("SELECT Btf, BtfSizeBytes FROM Kernels UNION ALL SELECT Btf, BtfSizeBytes FROM Modules", ct);

    /// <summary>The number of stored objects and their total bytes.</summary>
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

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    // A kernel has thousands of modules: of their rows, only what the kernel keeps is kept.
    private async Task<List<Kernel>> ReadKernelsAsync(string whichKernels, string whichModules, CancellationToken ct)
    {
        var kernels = await ListAsync($"SELECT {OfKernel} FROM Kernels{whichKernels}", ReadKernel, ct);
        var modules = kernels.ToDictionary(k => k.Id, _ => Array.Empty<KernelModule>(), StringComparer.Ordinal);
        var (id, together) = ("", new List<KernelModule>()); // the rows of a kernel usually come one after another
        await ReadAsync($"SELECT {OfModule} FROM Modules{whichModules}", AddModule, ct);
        EndKernel();
        return kernels.ConvertAll(kernel => kernel.ToKernel(modules[kernel.Id]));

        void AddModule(DbDataReader row)
        {
            if (row.GetString(0) is var next && next != id) EndKernel();
            id = next;
            together.Add(ModuleRow.Module(row.GetString(1), row.GetString(2), row.GetInt64(3)));
        }

        void EndKernel()
        {
            if (modules.TryGetValue(id, out var known)) modules[id] = [.. known, .. together];
            together.Clear();
        }
    }

    private static KernelRow ReadKernel(DbDataReader row) => new()
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

    private static ModuleRow ReadModule(DbDataReader row) => new()
    {
        KernelId = row.GetString(0),
        Name = row.GetString(1),
        Btf = row.GetString(2),
        BtfSizeBytes = row.GetInt64(3),
        AddedAt = row.GetInt64(4),
    };

    private async Task<HashSet<Digest>> DigestsAsync(string sql, CancellationToken ct, Action<DbException>? damaged = null) =>
        [.. await ListAsync(sql, row => Digest.Parse(row.GetString(0)), ct, damaged)];

    private async Task<List<T>> ListAsync<T>(
        string sql, Func<DbDataReader, T> read, CancellationToken ct, Action<DbException>? damaged = null)
    {
        var list = new List<T>();
        await ReadAsync(sql, row => list.Add(read(row)), ct, damaged);
        return list;
    }

    private async Task ReadAsync(string sql, Action<DbDataReader> read, CancellationToken ct, Action<DbException>? damaged = null)
    {
        try
        {
            await using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // every caller passes a constant, or one with a number
            command.CommandText = sql;
#pragma warning restore CA2100
            await using var rows = await command.ExecuteReaderAsync(ct);
            while (await rows.ReadAsync(ct)) read(rows);
        }
        catch (DbException e) when (damaged is not null)
        {
            damaged(e);
        }
        catch (Exception e) when (DamagedRow.IsCauseOf(e))
        {
            var fault = DamagedRow.In($"'{sql}'", e);
            if (damaged is null) throw fault;
            damaged(fault);
        }
    }
}
