namespace Relo.Archive.Index;

/// <summary>
/// The layouts of one kernel. Deleted with the kernel; a kernel without a row, or with an outdated one, is checked by itself.
/// </summary>
internal sealed class KernelLayoutsRow
{
    /// <summary>Ascends: a row that changes is a new one.</summary>
    public long Id { get; init; }

    public required string KernelId { get; init; }

    /// <summary>The BTF that was read, the kernel's and its modules': a kernel that has other BTF now has an outdated row.</summary>
    public required string Btf { get; init; }

    /// <summary>The definition of the fingerprints (<see cref="Core.Fingerprints.Fingerprint.Definition"/>).</summary>
    public required int Definition { get; init; }

    /// <summary>Its set; null if its types have no fingerprints.</summary>
    public int? SetId { get; init; }
}
