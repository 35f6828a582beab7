using Relo.Core.Reachability;

namespace Relo.Archive.Kernels;

/// <summary>One kernel, or several that share one BTF.</summary>
/// <param name="Kernel">The kernel; the first by id if several share the BTF.</param>
/// <param name="Explanation">Each step that was tried.</param>
public sealed record KernelFound(Kernel Kernel, IReadOnlyList<string> Explanation) : KernelResolution(Explanation)
{
    /// <summary>All kernels that the caller's text and parameters match. They share one BTF.</summary>
    public IReadOnlyList<Kernel> Matching { get; init; } = [Kernel];

    /// <summary>
    /// Whether the caller named another distribution, and these are the kernels of one that is rebuilt from the same source.
    /// </summary>
    public bool IsRebuild { get; init; }

    /// <summary>The value of <c>LINUX_KERNEL_VERSION</c>, as far as the kernel's name and the caller's text determine it.</summary>
    public KernelVersion? LinuxVersion { get; init; } = Kernel.LinuxVersion;
}
