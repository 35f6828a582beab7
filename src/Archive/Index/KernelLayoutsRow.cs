namespace Relo.Archive.Index;

/// <summary>
/// The layouts of one kernel. Deleted with the kernel; a kernel without a row, or with an outdated one, is opened for each check.
/// </summary>
internal sealed class KernelLayoutsRow
{
    /// <summary>Ascending: a change deletes the row and inserts another with a higher id.</summary>
    public long Id { get; init; }

    public required string KernelId { get; init; }

    /// <summary>
    /// Identifies the BTF that was read, the kernel's and its modules'; if the kernel has other BTF now, the row is outdated.
    /// </summary>
    public required string Btf { get; init; }

    /// <summary>The definition of the fingerprints (<see cref="Core.Fingerprints.Fingerprint.Definition"/>).</summary>
    public required int Definition { get; init; }

    /// <summary>Its set; null if its types have no fingerprints.</summary>
    public int? SetId { get; init; }
}
