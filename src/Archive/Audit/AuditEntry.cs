using Relo.Archive.Index;

namespace Relo.Archive.Audit;

/// <summary>One entry of the audit trail.</summary>
/// <param name="Number">Ascends by one.</param>
/// <param name="Previous">Hash of the entry before, <c>sha256:…</c>; zeros for the first.</param>
/// <param name="At">When, in UTC: <c>2026-11-29T06:10:00.123Z</c>.</param>
/// <param name="By">Who: <c>key</c> and the name of its holder, <c>address</c> and the network of a caller without a key,
/// <c>command</c> and its name and user, or <c>the service itself</c>.</param>
/// <param name="Action"><c>object-added</c>, <c>object-deleted</c>, <c>tag-added</c>, <c>tag-deleted</c>, <c>kernel-added</c>,
/// <c>kernel-replaced</c>, <c>kernel-described</c>, <c>kernel-deleted</c>, <c>module-added</c>, <c>module-replaced</c>,
/// <c>module-deleted</c> or <c>trail-shortened</c>.</param>
/// <param name="Subject">The digest of the object, the tag, the id of the kernel, or that id, <c>/</c> and the module.</param>
/// <param name="Digest">SHA-256 of the object, or of the BTF of the kernel or module, <c>sha256:…</c>.</param>
/// <param name="Source">Where an added kernel comes from; otherwise null.</param>
/// <param name="Hash">SHA-256 of the members above, each in a line, in this order, the last without a line break; null is an empty
/// line.</param>
public sealed record AuditEntry(
    long Number, string Previous, string At, string By, string Action, string Subject, string? Digest, string? Source, string Hash)
{
    internal static AuditEntry Of(AuditRow row) =>
        new(row.Number, row.Previous, row.Time, row.By, row.Action, row.Subject, row.Digest, row.Source, row.Hash);
}
