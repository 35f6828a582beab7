using Relo.Archive.Index;
using Relo.Archive.Kernels;

namespace Relo.Api.Diagnoses;

/// <summary>
/// Chooses the kernels to search for what another kernel lacks: one for each version of Linux of its architecture, because neighbours of
/// the same version mostly lack the same.
/// </summary>
internal static class VersionNeighbours
{
    // About ten years of Linux versions.
    private const int MaxKernels = 64;

    /// <summary>
    /// One kernel for each of the nearest versions, from the oldest to the newest version, and of the same distribution if there is one.
    /// Kernels with the same BTF are left out.
    /// </summary>
    public static IReadOnlyList<Kernel> Of(Kernel kernel, KernelIndex index) =>
    [
        .. index.Matching(new KernelFilter(null, null, kernel.Arch, null))
            .Where(other => other.Btf != kernel.Btf && other.Damaged is null && other.LinuxVersion is not null)
            .GroupBy(LineOf)
            .OrderBy(line => Math.Abs((long)line.Key - LineOf(kernel))).Take(MaxKernels)
            .OrderBy(line => line.Key)
            .Select(line => line.OrderByDescending(other => other.Distro == kernel.Distro).ThenBy(other => other.Id, StringComparer.Ordinal)
                .First()),
    ];

    /// <summary>The nearest version among some, older ones first.</summary>
    public static Kernel? Nearest(Kernel kernel, IReadOnlyList<Kernel> others) => others
        .OrderBy(other => LineOf(other) > LineOf(kernel)).ThenBy(other => Math.Abs((long)LineOf(other) - LineOf(kernel))).FirstOrDefault();

    // KERNEL_VERSION(a, b, c) >> 8
    private static uint LineOf(Kernel kernel) => (kernel.LinuxVersion?.Min ?? 0) >> 8;
}
