using Relo.Archive.Resolution;
using Relo.Core.Reachability;

namespace Relo.Archive.Kernels;

/// <summary>The result of looking for a kernel: <see cref="KernelFound"/>, <see cref="KernelAmbiguous"/>, <see cref="KernelNotFound"/>, <see cref="KernelUnavailable"/> or <see cref="KernelInvalid"/>.</summary>
public abstract record KernelResolution
{
    private protected KernelResolution(IReadOnlyList<string> explanation) => Explanation = explanation;

    /// <summary>Each step that was tried, in words, in order.</summary>
    public IReadOnlyList<string> Explanation { get; init; }
}

/// <summary>One kernel, or several that share one BTF.</summary>
/// <param name="Kernel">The kernel, the first by id where several share the BTF.</param>
/// <param name="Explanation">Each step that was tried.</param>
public sealed record KernelFound(Kernel Kernel, IReadOnlyList<string> Explanation) : KernelResolution(Explanation)
{
    /// <summary>What <c>LINUX_KERNEL_VERSION</c> is on it, as far as its name and the caller's text say.</summary>
    public KernelVersion? LinuxVersion { get; init; } = Kernel.LinuxVersion;
}

/// <summary>Several kernels with different BTF.</summary>
/// <param name="Candidates">All of them, by id.</param>
/// <param name="Explanation">Each step that was tried.</param>
public sealed record KernelAmbiguous(IReadOnlyList<Kernel> Candidates, IReadOnlyList<string> Explanation) : KernelResolution(Explanation);

/// <summary>No such kernel here.</summary>
/// <param name="Nearest">Up to five that are near, the nearest first; none of them is the one asked for.</param>
/// <param name="Explanation">Each step that was tried.</param>
public sealed record KernelNotFound(IReadOnlyList<NearKernel> Nearest, IReadOnlyList<string> Explanation) : KernelResolution(Explanation)
{
    /// <summary>What to say first, where it is more than that there is none: "5.15.0-91-generic is here as ubuntu/22.04/x86_64; alpine/3.19 has none".</summary>
    public string? Detail { get; init; }

    /// <summary>The kernels right before and right after the one asked for; among <see cref="Nearest"/>.</summary>
    public Neighbours Neighbours { get; init; } = new(null, null);

    /// <summary>What is known of the kernel; null where that contradicts itself or is a digest.</summary>
    internal NamedRelease? Wanted { get; init; }
}

/// <summary>The kernel is not here, and the upstream archive, which may have it, could not be asked.</summary>
/// <param name="Reason">Why not.</param>
/// <param name="RetryAfter">When asking again may help.</param>
/// <param name="Nearest">As for <see cref="KernelNotFound"/>.</param>
/// <param name="Explanation">Each step that was tried.</param>
public sealed record KernelUnavailable(string Reason, TimeSpan RetryAfter, IReadOnlyList<NearKernel> Nearest, IReadOnlyList<string> Explanation)
    : KernelResolution(Explanation);

/// <summary>The kernels between which one that is not here would stand: of its architecture and flavour, and of its distribution where that is known.</summary>
/// <param name="Older">The next older one.</param>
/// <param name="Newer">The next newer one.</param>
public sealed record Neighbours(Kernel? Older, Kernel? Newer);

/// <summary>The text is no kernel identifier.</summary>
/// <param name="Detail">What was found and what was expected.</param>
/// <param name="Explanation">Each step that was tried.</param>
public sealed record KernelInvalid(string Detail, IReadOnlyList<string> Explanation) : KernelResolution(Explanation);

/// <summary>A kernel that is near the one asked for.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Why">Why it is near, and in what it differs.</param>
public sealed record NearKernel(Kernel Kernel, string Why);
