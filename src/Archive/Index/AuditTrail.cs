using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Relo.Core.Bytes;

namespace Relo.Archive.Index;

/// <summary>
/// Writes the entries of the audit trail in the transaction of the change: from the rows that a context is about to save, so that no
/// write can forget its entry. Uses of objects, and what the service derives from BTF, are not recorded.
/// </summary>
internal static class AuditTrail
{
    /// <summary>Adds the entries for all tracked changes. The writer's lock makes them a chain.</summary>
    public static async Task AddAsync(ArchiveDb db, CancellationToken ct)
    {
        var changed = db.ChangeTracker.Entries().Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
            .ToList();
        // The entry of such a kernel stands for its modules: it may have thousands.
        var gone = changed.Where(e => ChangeOf(e)?.Action is AuditAction.KernelDeleted or AuditAction.KernelReplaced)
            .Select(e => ((KernelRow)e.Entity).Id).ToHashSet(StringComparer.Ordinal);
        var changes = changed.Where(e => !(e is { State: EntityState.Deleted, Entity: ModuleRow module } && gone.Contains(module.KernelId)))
            .Select(ChangeOf).OfType<AuditRow.Change>().OrderBy(change => change.Action.EndsWith("-added", StringComparison.Ordinal))
            .ToList();
        await AddAsync(db, changes, ct);
    }

    /// <summary>Adds entries for changes made by SQL statements, which the context does not track.</summary>
    public static async Task AddAsync(ArchiveDb db, IReadOnlyList<AuditRow.Change> changes, CancellationToken ct)
    {
        if (changes.Count == 0) return;
        var last = await LastAsync(db, ct);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var change in changes) db.AuditEntries.Add(last = AuditRow.After(last, change, now));
    }

    /// <summary>The newest entry, including one that is not saved yet; null if there is none.</summary>
    private static async Task<AuditRow?> LastAsync(ArchiveDb db, CancellationToken ct) =>
        db.ChangeTracker.Entries<AuditRow>().Where(e => e.State == EntityState.Added).Select(e => e.Entity).MaxBy(e => e.Number)
        ?? await db.AuditEntries.AsNoTracking().FirstOrDefaultAsync(e => e.Number == db.AuditEntries.Max(a => (long?)a.Number), ct);

    private static AuditRow.Change? ChangeOf(EntityEntry entry) => (entry.Entity, entry.State) switch
    {
        (ObjectRow row, EntityState.Added) => new(AuditAction.ObjectAdded, Full(row.Digest), Full(row.Digest)),
        (ObjectRow row, EntityState.Deleted) => new(AuditAction.ObjectDeleted, Full(row.Digest), Full(row.Digest)),
        (TagRow row, EntityState.Added) => new(AuditAction.TagAdded, row.Name, Full(row.Digest)),
        (TagRow row, EntityState.Deleted) => new(AuditAction.TagDeleted, row.Name, Full(row.Digest)),
        (KernelRow row, EntityState.Added) => new(AuditAction.KernelAdded, row.Id, Full(row.Btf), row.Source),
        (KernelRow row, EntityState.Deleted) => new(AuditAction.KernelDeleted, row.Id, Full(row.Btf)),
        (KernelRow row, _) when IsChanged(entry, nameof(KernelRow.Btf)) =>
            new(AuditAction.KernelReplaced, row.Id, Full(row.Btf), row.Source),
        (KernelRow row, _) when IsChanged(entry, nameof(KernelRow.BuildId)) || IsChanged(entry, nameof(KernelRow.Banner)) =>
            new(AuditAction.KernelDescribed, row.Id, Full(row.Btf)),
        (ModuleRow row, EntityState.Added) => new(AuditAction.ModuleAdded, NameOf(row), Full(row.Btf)),
        (ModuleRow row, EntityState.Deleted) => new(AuditAction.ModuleDeleted, NameOf(row), Full(row.Btf)),
        (ModuleRow row, _) when IsChanged(entry, nameof(ModuleRow.Btf)) => new(AuditAction.ModuleReplaced, NameOf(row), Full(row.Btf)),
        _ => null,
    };

    /// <summary>A digest as it is hashed and shown: <c>sha256:…</c>.</summary>
    /// <param name="hex">Its 64 hexadecimal digits.</param>
    public static string Full(string hex) => Digest.Prefix + hex; // not parsed: a damaged row can be deleted

    private static string NameOf(ModuleRow row) => $"{row.KernelId}/{row.Name}";

    private static bool IsChanged(EntityEntry entry, string property) => entry.Property(property).IsModified;
}
