using Relo.Core.Elf;
using Relo.Core.Relocation;

namespace Relo.Core.Bpf;

/// <summary>
/// Which poisoned instructions the verifier can reach. It never calls one unreachable that a verifier of Linux 5.3 or later
/// reaches when a privileged user loads the object; it may call one reachable that the verifier finds to be dead.
/// </summary>
/// <remarks>
/// A question of existence is a constant after relocation, and the verifier does not look behind a branch that a constant
/// closes: <c>r1 = 0; if w1 == 0 goto +2; call 195896080</c>. That is how <c>if (bpf_core_field_exists(…))</c> works. Older
/// verifiers (4.15 to 5.2) close branches only for == and != with an immediate. Without CAP_PERFMON the verifier also looks
/// behind closed branches, for what the CPU might do speculatively.
/// </remarks>
public static class Reachability
{
    // Real objects take some ten thousand steps. This many take about a second, and then everything counts as reachable.
    private const long Steps = 8_000_000;

    /// <summary>Indexes of the poisoned records whose instruction can be reached.</summary>
    /// <param name="bpf">The object.</param>
    /// <param name="relocated">What it was relocated to.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlySet<int> Find(BpfObject bpf, Relocated relocated, CancellationToken cancellation = default) => Find(bpf, relocated, Steps, cancellation);

    internal static IReadOnlySet<int> Find(BpfObject bpf, Relocated relocated, long steps, CancellationToken cancellation)
    {
        var poisoned = relocated.Fixups.Where(fixup => fixup.IsPoisoned).ToArray();
        if (poisoned.Length == 0) return new HashSet<int>();
        var budget = new StepBudget(steps, cancellation);
        var reached = ElfRelocations.Read(bpf.Elf) is { } relocations
            ? Reached(new ReachableFunctions(bpf, relocated.PatchedBytes, relocations, budget), poisoned)
            : null;
        return reached is null || budget.IsSpent ? poisoned.Select(fixup => fixup.Record.Index).ToHashSet() : reached;
    }

    private static HashSet<int> Reached(ReachableFunctions functions, Fixup[] poisoned)
    {
        var records = poisoned.GroupBy(Place).ToDictionary(group => group.Key, group => group.ToArray());
        var reached = new HashSet<int>();
        foreach (var (code, visited) in functions.Walk())
        {
            for (var i = 0; i < visited.Length; i++)
            {
                if (!visited[i] || code[i] != InstructionPatcher.Poison) continue;
                if (records.Remove((code.Section, code.First + i), out var here)) reached.UnionWith(here.Select(fixup => fixup.Record.Index));
                // A poisoned 64-bit load is two such calls, and a jump may go to the second.
                var before = (code.Section, code.First + i - 1L);
                if (records.TryGetValue(before, out here) && IsTwoSlots(here[0]) && records.Remove(before)) reached.UnionWith(here.Select(fixup => fixup.Record.Index));
            }
        }
        return reached;
    }

    private static (int Section, long Instruction) Place(Fixup fixup) => (fixup.Record.Section!.Index, fixup.Record.Instruction);

    private static bool IsTwoSlots(Fixup fixup) => fixup.Patched.Before.First.IsLoadImm64;
}
