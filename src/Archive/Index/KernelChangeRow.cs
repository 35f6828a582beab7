namespace Relo.Archive.Index;

/// <summary>
/// The last change of a kernel or its modules; deleted kernels have one, too. Other processes read the rows above the version they have
/// seen, and only these kernels. Versions grow by one with each write, in the order of the commits.
/// </summary>
internal sealed class KernelChangeRow
{
    /// <summary>The id of the kernel.</summary>
    public required string Id { get; init; }
    public required long Version { get; set; }
}
