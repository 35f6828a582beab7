namespace Relo.Archive.Kernels;

/// <summary>The archive does not have the kernel, and the upstream archive, which may have it, did not answer.</summary>
/// <param name="Reason">Why it did not answer.</param>
/// <param name="RetryAfter">When to try again.</param>
/// <param name="Nearest">As in <see cref="KernelNotFound"/>.</param>
/// <param name="Explanation">Each step that was tried.</param>
public sealed record KernelUnavailable(
    string Reason, TimeSpan RetryAfter, IReadOnlyList<NearKernel> Nearest, IReadOnlyList<string> Explanation)
    : KernelResolution(Explanation);
