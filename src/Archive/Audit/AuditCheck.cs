using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Relo.Archive.Index;

namespace Relo.Archive.Audit;

/// <summary>Checks the chain of the audit trail from its first entry to its last.</summary>
internal sealed class AuditCheck
{
    private const int Batch = 1000;

    private AuditRow? _first, _last;
    private bool _isShortened;

    /// <summary>The number of sound entries.</summary>
    public long Count { get; private set; }

    /// <summary>Number and hash of the last sound entry; null if there is none. Once noted, a later trail must have it.</summary>
    public string? Head => _last is { } last ? $"{last.Number} {last.Hash}" : null;

    /// <summary>The first entry that breaks the chain, and how; null if none does.</summary>
    public string? Fault { get; private set; }

    /// <summary>Reads the trail. Damage becomes a fault, never an exception.</summary>
    public static async Task<AuditCheck> ReadAsync(IIndexEngine engine, CancellationToken ct)
    {
        var check = await ReadOnceAsync(engine, ct);
        // A service may have shortened it while it was read.
        return check.Fault is null ? check : await ReadOnceAsync(engine, ct);
    }

    private static async Task<AuditCheck> ReadOnceAsync(IIndexEngine engine, CancellationToken ct)
    {
        var check = new AuditCheck();
        try
        {
            await using var db = engine.CreateDbContext();
            await check.ReadAsync(db, ct);
        }
        catch (Exception e) when (e is DbException || DamagedRow.IsCauseOf(e))
        {
            check.Fault ??= $"audit trail: it cannot be read after entry {check._last?.Number ?? 0}: {e.Message}";
        }

        return check;
    }

    private async Task ReadAsync(ArchiveDb db, CancellationToken ct)
    {
        for (var after = long.MinValue; ;)
        {
            var rows = await db.AuditEntries.AsNoTracking().Where(e => e.Number > after).OrderBy(e => e.Number).Take(Batch).ToListAsync(ct);
            foreach (var row in rows)
            {
                if (FaultOf(row) is { } fault)
                {
                    Fault = $"audit trail: entry {row.Number} ({row.Action} {row.Subject}) {fault}";
                    return;
                }

                _first ??= row;
                _isShortened |= row.Action == AuditAction.TrailShortened && row.Digest == _first.Previous;
                (_last, Count) = (row, Count + 1);
            }

            if (rows.Count == 0) break;
            after = rows[^1].Number;
        }

        if (_first is { Number: > 1 } first && !_isShortened)
            Fault = $"audit trail: its first entry is {first.Number}, and none says that those before were deleted";
    }

    private string? FaultOf(AuditRow row)
    {
        if (_last is { } last && row.Number != last.Number + 1) return $"follows entry {last.Number}: those in between are missing";
        if (row.Hash != row.ComputedHash()) return "was changed: its hash is not that of its contents";
        if (row.Previous == (_last?.Hash ?? (row.Number == 1 ? AuditRow.Nothing : row.Previous))) return null;
        return _last is { } before
            ? $"does not carry the hash of entry {before.Number}: {row.Previous}, expected {before.Hash}"
            : "carries the hash of an entry before, and is the first";
    }
}
