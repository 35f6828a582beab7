using Relo.Core.Bytes;
using Relo.Core.Checks;
using Relo.Core.Reachability;
using Relo.Core.Report;

namespace Relo.Core.Compatibility;

/// <summary>The object can be relocated.</summary>
/// <param name="Verdict">Whether the result can be used.</param>
/// <param name="PatchedDigest">Digest of the object to load.</param>
/// <param name="Missing">Accesses that do not exist on the kernel, each once; none if the verdict is ok.</param>
/// <param name="FieldChanges">As in the report of the relocation.</param>
/// <param name="Checks">Those of the report that are absent or changed.</param>
public sealed record Relocatable(
    Verdict Verdict, Digest PatchedDigest, IReadOnlyList<MissingAccess> Missing, IReadOnlyList<FieldChange> FieldChanges,
    IReadOnlyList<Check> Checks) : KernelOutcome
{
    /// <summary>Whether the kernel lacks something without which the object does not load.</summary>
    public bool IsLacking => Checks.Any(check => check.IsLacking);

    /// <inheritdoc/>
    public bool Equals(Relocatable? other) => ReferenceEquals(this, other) || (other is not null
        && Verdict == other.Verdict && PatchedDigest == other.PatchedDigest && Missing.SequenceEqual(other.Missing)
        && Checks.SequenceEqual(other.Checks)
        && FieldChanges.SequenceEqual(other.FieldChanges, FieldChangeComparer.Instance));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(PatchedDigest, Missing.Count, FieldChanges.Count, Checks.Count);

    /// <summary>Compares all but the uses, which are the same on every kernel. As lists they would be equal only to themselves.</summary>
    private sealed class FieldChangeComparer : IEqualityComparer<FieldChange>
    {
        public static FieldChangeComparer Instance { get; } = new();

        public bool Equals(FieldChange? x, FieldChange? y) =>
            ReferenceEquals(x, y) || (x is not null && y is not null && Bare(x) == Bare(y) with { Uses = x.Uses });

        public int GetHashCode(FieldChange obj) => (Bare(obj) with { Uses = [] }).GetHashCode();

        // Kernels with the same proposal may differ in what suggests it.
        private static FieldChange Bare(FieldChange change) =>
            change.Proposal is null ? change : change with { Proposal = change.Proposal with { Evidence = "", Weight = 0 } };
    }
}
