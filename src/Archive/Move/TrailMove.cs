using Microsoft.EntityFrameworkCore;
using Relo.Archive.Index;

namespace Relo.Archive.Move;

/// <summary>Copies the audit trail as it is, so that the target continues the same chain.</summary>
internal sealed class TrailMove(IIndexEngine from, IIndexEngine to, ArchiveWriter writer)
{
    private const int Batch = 1000;

    /// <returns>The entry of the target that is not one of this archive, for messages; null if there is none.</returns>
    public async Task<string?> OtherThanHereAsync(CancellationToken ct)
    {
        if (await LastAsync(to, ct) is not { } last) return null;
        await using var db = await from.CreateDbContextAsync(ct);
        return await db.AuditEntries.AnyAsync(e => e.Number == last.Number && e.Hash == last.Hash, ct)
            ? null
            : $"an audit trail of its own: its entry {last.Number}, {last.Action} {last.Subject}, is not in this archive";
    }

    /// <returns>The number of entries copied.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var copied = 0;
        for (var after = (await LastAsync(to, ct))?.Number ?? 0; ;)
        {
            List<AuditRow> entries;
            await using (var db = await from.CreateDbContextAsync(ct))
                entries = await db.AuditEntries.AsNoTracking().Where(e => e.Number > after).OrderBy(e => e.Number).Take(Batch)
                    .ToListAsync(ct);
            if (entries.Count == 0) return copied;
            after = entries[^1].Number;
            copied += await writer.WriteAsync(
                db =>
                {
                    db.AuditEntries.AddRange(entries);
                    return Task.FromResult(entries.Count);
                },
                _ => { },
                ct,
                copiesTrail: true);
        }
    }

    private static async Task<AuditRow?> LastAsync(IIndexEngine engine, CancellationToken ct)
    {
        await using var db = await engine.CreateDbContextAsync(ct);
        return await db.AuditEntries.AsNoTracking().OrderByDescending(e => e.Number).FirstOrDefaultAsync(ct);
    }
}
