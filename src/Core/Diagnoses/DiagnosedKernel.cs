using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Relocation;

namespace Relo.Core.Diagnoses;

/// <summary>The object on the kernel of the log.</summary>
/// <param name="Bpf">The object.</param>
/// <param name="Kernel">The kernel's types.</param>
/// <param name="Outcome">The result of relocating it there.</param>
/// <param name="Version">The version of the kernel, if known.</param>
public sealed record DiagnosedKernel(BpfObject Bpf, KernelTypes Kernel, RelocationOutcome Outcome, KernelVersion? Version)
{
    private readonly Lazy<Dictionary<int, Fixup>> _fixups = new(
        () => (Outcome as Relocated)?.Fixups.ToDictionary(fixup => fixup.Record.Index) ?? []);

    /// <summary>The instructions as loaded.</summary>
    internal ReadOnlyMemory<byte> Code => (Outcome as Relocated)?.PatchedBytes ?? Bpf.Bytes;

    /// <summary>The fixup of a record; null if it is in no program, or the object cannot be relocated for this kernel.</summary>
    internal Fixup? FixupOf(int record) => _fixups.Value.TryGetValue(record, out var fixup) ? fixup : null;

    /// <summary>Determines what the verifier can reach; null if the object cannot be relocated for this kernel.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal ReachabilityResult? CheckReachability(CancellationToken cancellation) =>
        Outcome is Relocated relocated ? ReachabilityCheck.Of(Bpf, relocated, Version, cancellation) : null;
}
