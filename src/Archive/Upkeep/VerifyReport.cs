namespace Relo.Archive.Upkeep;

/// <summary>The result of verifying the archive.</summary>
/// <param name="Kernels">Kernels in the index.</param>
/// <param name="Modules">Modules of those kernels.</param>
/// <param name="Btf">Distinct BTF among the kernels.</param>
/// <param name="Objects">Stored objects.</param>
/// <param name="Faults">The faults; each text begins with the affected kernels or object.</param>
/// <param name="Unused">
/// BTF that no kernel or module uses. Not a fault: a killed import or upload leaves it and the next one reuses it. Pruning removes it.
/// </param>
/// <param name="Quarantined">
/// Damaged files in quarantine. Not faults: files not yet replaced are in <paramref name="Faults"/>. Pruning removes replaced ones.
/// </param>
/// <param name="AuditEntries">Sound entries of the audit trail.</param>
/// <param name="AuditHead">Number and hash of the last of them; null if there is none.</param>
public sealed record VerifyReport(
    int Kernels, int Modules, int Btf, int Objects, IReadOnlyList<string> Faults, IReadOnlyList<UnusedBlob> Unused,
    IReadOnlyList<string> Quarantined, long AuditEntries, string? AuditHead);
