namespace Relo.Core.Reachability;

/// <summary>
/// What a kernel's verifier tracks beyond every verifier since Linux 5.3. Based on the lowest version that the kernel may have: a
/// verifier that tracks more reaches less, so a version assumed too low only makes a verdict more careful.
/// </summary>
/// <param name="ReadOnlyMaps">
/// Values of frozen read-only maps, <c>.rodata</c> and <c>.kconfig</c> ("bpf: Track contents of read-only maps as scalars", 5.5).
/// </param>
/// <param name="Xor">Exclusive or of two constants ("bpf: Fix scalar32_min_max_xor", 5.10).</param>
/// <param name="Copies">
/// A branch on a number also bounds its copies, and bounds survive on the stack
/// ("bpf: Propagate scalar ranges through register assignments", 5.11).
/// </param>
/// <param name="SmallSpills">
/// Constants of fewer than 8 bytes on the stack ("bpf: Support &lt;8-byte scalar spill and refill", 5.16).
/// </param>
/// <param name="StoredImmediates">
/// Constants that BPF_ST writes to the stack ("bpf: track immediate values written to stack by BPF_ST instruction", 6.3).
/// </param>
/// <param name="EmptyLoops">
/// A bpf_loop without iterations calls nothing ("bpf: verify callbacks as if they are called unknown number of times", 6.7).
/// </param>
/// <param name="LazyGlobals">
/// A global function is verified only if a call of it is reached ("bpf: support lazy verification of global subprogs", 6.8).
/// </param>
internal readonly record struct VerifierKnowledge(
    bool ReadOnlyMaps, bool Xor, bool Copies, bool SmallSpills, bool StoredImmediates, bool EmptyLoops, bool LazyGlobals)
{
    // The releases that began to track something.
    private static readonly (uint Major, uint Minor)[] Steps = [(5, 5), (5, 10), (5, 11), (5, 16), (6, 3), (6, 7), (6, 8)];

    public static VerifierKnowledge Of(KernelVersion? version)
    {
        var least = version?.Min ?? 0;
        return new(Since(0), Since(1), Since(2), Since(3), Since(4), Since(5), Since(6));

        bool Since(int step) => least >= KernelVersion.Code(Steps[step].Major, Steps[step].Minor, 0);
    }

    /// <summary>The lowest version whose verifier tracks the same; null if it tracks none of this.</summary>
    public static KernelVersion? Least(KernelVersion? version) => Array.FindLast(Steps, step =>
        (version?.Min ?? 0) >= KernelVersion.Code(step.Major, step.Minor, 0)) is { Major: > 0 } last
        ? KernelVersion.Exact(last.Major, last.Minor, 0)
        : null;
}
