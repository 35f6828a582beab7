using Relo.Core.Bpf;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Relocation;

namespace Relo.Core.Checks;

/// <summary>
/// Compares what an object needs with what a kernel's BTF shows. The BTF says what the kernel was compiled with, backports included; it
/// does not say what is disabled at run time. Thread-safe: the needs are the same for all kernels.
/// </summary>
/// <param name="bpf">The object.</param>
public sealed class NeedChecks(BpfObject bpf)
{
    private readonly Lazy<IReadOnlyList<Need>> _needs = new(() => ObjectNeeds.Of(bpf));

    /// <summary>The needs.</summary>
    internal IReadOnlyList<Need> All => _needs.Value;

    /// <summary>One check for each need, in the same order.</summary>
    /// <param name="bpf">The object.</param>
    /// <param name="relocated">The result of relocating it. The kernel's types, and those of its modules, must still be open.</param>
    /// <param name="reachable">Which of its instructions can run there.</param>
    /// <param name="version">The version of the kernel, if known.</param>
    /// <param name="cancellation">Cancels the call.</param>
    public static IReadOnlyList<Check> Of(
        BpfObject bpf, Relocated relocated, ReachabilityResult reachable, KernelVersion? version,
        CancellationToken cancellation = default)
    {
        var facts = KernelFacts.Of(LoaderInputs.Of(bpf), relocated.Kernel, version);
        return new NeedChecks(bpf).Of(
            relocated.Kernel, version, RefusedCalls.Of(reachable), ContextReads.Of(bpf, relocated, facts, cancellation),
            ArchitectureMismatch.Find(bpf, relocated), cancellation);
    }

    /// <summary>The checks on one kernel.</summary>
    internal IReadOnlyList<Check> Of(
        KernelTypes kernel, KernelVersion? version, RefusedCalls refused, ContextReads reads, ArchitectureMismatch? mismatch,
        CancellationToken cancellation)
    {
        var indicators = new KernelIndicators(kernel);
        var reader = new IndicatorReader(bpf, indicators, version, reads, cancellation);
        return [.. _needs.Value.Select(Held), .. mismatch is null ? Array.Empty<Check>() : [ArchitectureCheck.Of(mismatch)]];

        Check Held(Need need)
        {
            cancellation.ThrowIfCancellationRequested();
            var (status, evidence) = reader.Read(need);
            return new(
                need.Kind, need.Name, status, evidence, need.Indicator is Indicator.Helper helper ? HelperNames.Since(helper.Number) : null,
                need.Programs, status == CheckStatus.Absent && AreCallsKnown(need) ? refused.Allow(need) : need.Optional);
        }

        // Only calls of numbers after the last helper are known to be refused: another absent helper may be called on every path.
        bool AreCallsKnown(Need need) => need.Indicator is not Indicator.Helper helper || indicators.Helpers.Lacks(helper.Number);
    }
}
