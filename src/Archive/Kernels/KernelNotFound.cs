using Relo.Archive.Naming;

namespace Relo.Archive.Kernels;

/// <summary>The archive does not have the kernel.</summary>
/// <param name="Nearest">Up to five similar kernels, the nearest first; none of them is the requested one.</param>
/// <param name="Explanation">Each step that was tried.</param>
public sealed record KernelNotFound(IReadOnlyList<NearKernel> Nearest, IReadOnlyList<string> Explanation) : KernelResolution(Explanation)
{
    /// <summary>
    /// The reason why it was not found, if known: "the archive has 5.15.0-91-generic as ubuntu/22.04/x86_64; alpine/3.19 has none".
    /// </summary>
    public string? Detail { get; init; }

    /// <summary>The kernels just before and after the requested one; also in <see cref="Nearest"/>.</summary>
    public Neighbours Neighbours { get; init; } = new(null, null);

    /// <summary>The known data of the kernel; null if they are contradictory or only a digest of BTF.</summary>
    internal KernelIdentifier? Wanted { get; init; }
}
