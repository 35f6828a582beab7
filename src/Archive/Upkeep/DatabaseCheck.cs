using System.Data.Common;
using Relo.Archive.Index;
using Relo.Core.Bytes;

namespace Relo.Archive.Upkeep;

/// <summary>
/// The state of the database, and every row up to the first unreadable one. Damage becomes a fault, never an exception.
/// </summary>
internal sealed class DatabaseCheck(IIndexEngine engine)
{
    private readonly List<string> _faults = [];

    /// <summary>The faults, for people; empty if there are none.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The kernels with their modules, as far as they can be read.</summary>
    public List<KernelRow> Kernels { get; private set; } = [];

    /// <summary>The objects, as far as they can be read.</summary>
    public HashSet<Digest> Objects { get; private set; } = [];

    /// <summary>The engine's own check of every page.</summary>
    public Task CheckPagesAsync(CancellationToken ct) => TryAsync("its check", async () => _faults.AddRange(await engine.CheckAsync(ct)));

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
    private Task ReadAsync(string what, Func<ArchiveReader, Task> read, CancellationToken ct) => TryAsync(what, async () =>
    {
        await using var reader = await ArchiveReader.OpenAsync(engine, ct, isNew: true);
        await read(reader);
    });

    private async Task TryAsync(string what, Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (DbException e)
        {
            Add(what, e);
        }
    }

    private void Add(string what, DbException e) => _faults.Add($"{what} cannot be read to the end: {e.Message}");
}
