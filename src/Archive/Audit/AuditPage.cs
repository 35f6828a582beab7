namespace Relo.Archive.Audit;

/// <summary>A page of the audit trail, the oldest entry first.</summary>
/// <param name="Items">The entries.</param>
/// <param name="Next"><c>after</c> of the next page; null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Items, string? Next);
