using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Index;
using Relo.Archive.Settings;

namespace Relo.Archive.Audit;

/// <summary>Reads the audit trail, and shortens it at its limit.</summary>
internal sealed class AuditLog(IIndexEngine engine, ArchiveWriter writer, IOptions<ArchiveOptions> options, ILogger<AuditLog> log)
{
    /// <summary>The number of newest entries that triggers of the database protect from deletion.</summary>
    public const int AlwaysKept = 10_000;

    // Deletes at least this many at a time, so that few entries record a deletion.
    private const int Step = 1000;

    /// <summary>The entries after a number, the oldest first.</summary>
    public async Task<AuditPage> ListAsync(int limit, long after, CancellationToken ct)
    {
        await using var db = await engine.CreateDbContextAsync(ct);
        var rows = await db.AuditEntries.AsNoTracking().Where(e => e.Number > after).OrderBy(e => e.Number).Take(limit + 1).ToListAsync(ct);
        // One extra row shows whether there is a next page.
        var page = rows.Take(limit).Select(AuditEntry.Of).ToList();
        return new(page, rows.Count > limit ? page[^1].Number.ToString(CultureInfo.InvariantCulture) : null);
    }

    /// <summary>Deletes the oldest entries beyond <see cref="ArchiveOptions.AuditEntries"/>; a new entry records which.</summary>
    /// <returns>The number of entries deleted.</returns>
    public async Task<long> ShortenAsync(CancellationToken ct)
    {
        var most = options.Value.AuditEntries;
        if (await CountAsync(ct) < most + Step) return 0;
        var (first, last) = await writer.WriteAsync(
            async db =>
            {
                var first = await db.AuditEntries.MinAsync(e => e.Number, ct);
                var newest = await db.AuditEntries.MaxAsync(e => e.Number, ct);
                if (newest - first + 1 < most + Step) return (1L, 0L); // another node did it
                var last = await db.AuditEntries.AsNoTracking().SingleAsync(e => e.Number == newest - most, ct);
                await db.AuditEntries.Where(e => e.Number <= last.Number).ExecuteDeleteAsync(CancellationToken.None);
                await AuditTrail.AddAsync(db, [new(AuditAction.TrailShortened, $"{first}-{last.Number}", last.Hash)], ct);
                return (first, last.Number);
            },
            _ => { },
            ct);
        if (last >= first)
            log.LogInformation("The entries {First} to {Last} of the audit trail were deleted, because it is full", first, last);
        return last - first + 1;
    }

    private async Task<long> CountAsync(CancellationToken ct)
    {
        await using var db = await engine.CreateDbContextAsync(ct);
        var first = await db.AuditEntries.MinAsync(e => (long?)e.Number, ct) ?? 1;
        return (await db.AuditEntries.MaxAsync(e => (long?)e.Number, ct) ?? 0) - first + 1;
    }
}
