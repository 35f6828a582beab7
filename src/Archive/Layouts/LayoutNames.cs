using System.Text;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Faults;
using Relo.Archive.Index;
using Relo.Core.Btf;
using Relo.Core.Fingerprints;

namespace Relo.Archive.Layouts;

/// <summary>The names of all layouts of the archive, to be searched; in memory from the first search on, about 60 bytes each.</summary>
internal sealed class LayoutNames(IIndexEngine engine) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1);
    private readonly HashSet<ulong> _keys = [];
    private List<LayoutName> _names = []; // replaced, never changed
    private int _next;

    /// <summary>The names that contain a text: those that are it, those that begin with it, the others; each sorted.</summary>
    /// <exception cref="DamagedDatabaseException">A row is damaged.</exception>
    public async Task<IReadOnlyList<LayoutName>> SearchAsync(string part, CancellationToken ct)
    {
        await CatchUpAsync(ct);
        return [.. _names.Where(name => name.Name.Contains(part, StringComparison.Ordinal))
            .OrderBy(name => name.Name == part ? 0 : name.Name.StartsWith(part, StringComparison.Ordinal) ? 1 : 2)
            .ThenBy(name => name.Name, StringComparer.Ordinal).ThenBy(name => name.Kind)];
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    private async Task CatchUpAsync(CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            await using var db = engine.CreateDbContext();
            var blocks = await db.LayoutBlocks.AsNoTracking().Where(b => b.First >= _next).OrderBy(b => b.First).ToListAsync(ct);
            if (blocks.Count == 0) return;
            var added = NewIn(blocks);
            _keys.UnionWith(added.Keys);
            (_names, _next) = ([.. _names, .. added.Values], blocks[^1].First + blocks[^1].Count);
        }
        finally
        {
            _reading.Release();
        }
    }

    // Changes nothing here: if a block cannot be read, the names in those before it must be found again.
    private Dictionary<ulong, LayoutName> NewIn(List<LayoutBlockRow> blocks)
    {
        var added = new Dictionary<ulong, LayoutName>();
        try
        {
            foreach (var block in blocks) LayoutBlock.Read(block.Layouts, block.Count, (kind, name, _) => Add(added, kind, name));
            return added;
        }
        catch (Exception e) when (DamagedRow.IsCauseOf(e))
        {
            throw DamagedRow.In("LayoutBlocks", e);
        }
    }

    private void Add(Dictionary<ulong, LayoutName> added, BtfKind kind, ReadOnlySpan<byte> name)
    {
        // Forward declarations are not types of their own; pointers and the like have no name that a program writes.
        var isWanted = kind
            is BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Typedef or BtfKind.Int or BtfKind.Float or BtfKind.Func;
        if (!isWanted) return;
        var key = LayoutName.KeyOf(kind, name);
        if (!_keys.Contains(key) && !added.ContainsKey(key)) added.Add(key, new(kind, Encoding.UTF8.GetString(name)));
    }
}
