using Relo.Core.Bytes;
using Relo.Core.Reachability;
using Relo.Core.Report;

namespace Relo.Core.Compatibility;

/// <summary>What becomes of an object on one kernel, as far as kernels are told apart by it. Equal outcomes of the same object are one group.</summary>
public abstract record KernelOutcome
{
    private protected KernelOutcome() { }
}

/// <summary>It can be relocated.</summary>
/// <param name="Verdict">How good it is then.</param>
/// <param name="Patched">Digest of the object to load.</param>
/// <param name="Missing">Accesses that have no place on the kernel, each once; none where the verdict is ok.</param>
/// <param name="FieldChanges">As in the report of the relocation.</param>
public sealed record Relocatable(Verdict Verdict, Digest Patched, IReadOnlyList<MissingAccess> Missing, IReadOnlyList<FieldChange> FieldChanges) : KernelOutcome
{
    /// <inheritdoc/>
    public bool Equals(Relocatable? other) => ReferenceEquals(this, other) || (other is not null
        && Verdict == other.Verdict && Patched == other.Patched && Missing.SequenceEqual(other.Missing)
        && FieldChanges.Count == other.FieldChanges.Count && FieldChanges.Zip(other.FieldChanges).All(pair => AreEqual(pair.First, pair.Second)));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Patched, Missing.Count, FieldChanges.Count);

    // A list is equal only to itself; the uses of an access are the same on every kernel.
    private static bool AreEqual(FieldChange one, FieldChange other) => ReferenceEquals(one, other) || one == other with { Uses = one.Uses };
}

/// <summary>libbpf would refuse it.</summary>
/// <param name="Failure">Why.</param>
public sealed record Unrelocatable(RelocationFailed Failure) : KernelOutcome;
