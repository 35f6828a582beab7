using Microsoft.Data.Sqlite;
using Relo.Archive.Blobs;
using Relo.Archive.Index;
using Relo.Core.Bytes;

namespace Relo.Archive.Upkeep;

/// <summary>
/// The state of the database file, and every row up to the first unreadable one. Damage becomes a fault, never an exception.
/// </summary>
internal sealed class DatabaseCheck(ArchiveFolders folders)
{
    private readonly List<string> _faults = [];

    /// <summary>What is wrong, in words; empty if nothing is.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The kernels with their modules, as far as they can be read.</summary>
    public List<KernelRow> Kernels { get; private set; } = [];

    /// <summary>The objects, as far as they can be read.</summary>
    public HashSet<Digest> Objects { get; private set; } = [];

    /// <summary>SQLite's own check of every page.</summary>
    public async Task CheckPagesAsync(CancellationToken ct)
    {
        if (new FileInfo(folders.Database) is not { Exists: true, Length: > 0 })
            _faults.Add($"there is no {folders.Database}, or it is empty; put a backup of it in its place");
        else
            await ReadAsync(
                "its check", async reader => _faults.AddRange((await reader.IntegrityAsync(ct)).Where(line => line != "ok")), ct);
    }

    /// <summary>Reads the rows.</summary>
    public async Task ReadRowsAsync(CancellationToken ct)
    {
        await ReadAsync(
            "tables Kernels and Modules",
            async reader => Kernels = await reader.KernelsAsync(ct, e => Add("tables Kernels and Modules", e)), ct);
        await ReadAsync("table Objects", async reader => Objects = await reader.ObjectsAsync(ct, e => Add("table Objects", e)), ct);
        await ReadAsync("table Tags", reader => reader.TagsAsync(ct), ct);
    }

    // One connection for each read: a connection that met damage may refuse what a new one can read.
    private async Task ReadAsync(string what, Func<ArchiveReader, Task> read, CancellationToken ct)
    {
        try
        {
            var connection = new SqliteConnectionStringBuilder(folders.ConnectionString) { Pooling = false }.ConnectionString;
            await using var reader = await ArchiveReader.OpenAsync(connection, ct);
            await read(reader);
        }
        catch (SqliteException e)
        {
            Add(what, e);
        }
    }

    private void Add(string what, SqliteException e) => _faults.Add($"{what} cannot be read to the end: {e.Message}");
}
