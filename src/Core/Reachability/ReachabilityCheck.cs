using Relo.Core.Elf;
using Relo.Core.Objects;

namespace Relo.Core.Reachability;

/// <summary>
/// Determines which poisoned instructions the verifier can reach, and from that the verdict of each program. It never calls an instruction
/// unreachable that the kernel's verifier reaches when a privileged user loads the object; it may call one reachable that the verifier
/// finds to be dead.
/// </summary>
/// <remarks>
/// An existence query is a constant after relocation, and the verifier does not explore a branch that a constant closes:
/// <c>r1 = 0; if w1 == 0 goto +2; call 195896080</c>. That is how <c>if (bpf_core_field_exists(…))</c> works. Verifiers before 5.3 close
/// branches only for == and != with an immediate. Without CAP_PERFMON the verifier also explores closed branches, for what the CPU might
/// do speculatively.
/// </remarks>
public static class ReachabilityCheck
{
    // Real objects take about ten thousand steps. This limit takes about a second; beyond it, everything counts as reachable.
    private const long Steps = 8_000_000;

    // How many assumptions are tried one by one; each costs another walk.
    private const int MaxTried = 8;

    /// <summary>Walks the object's programs.</summary>
    /// <param name="bpf">The object.</param>
    /// <param name="relocated">The result of relocating it. The kernel's types, and those of its modules, must still be open.</param>
    /// <param name="version">The version of the kernel, if known.</param>
    /// <param name="cancellation">Cancels the walk.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ReachabilityResult Of(
        BpfObject bpf, Relocated relocated, KernelVersion? version, CancellationToken cancellation = default) =>
        Of(bpf, relocated, KernelFacts.Of(LoaderInputs.Of(bpf), relocated.Kernel, version), Steps, cancellation);

    internal static ReachabilityResult Of(BpfObject bpf, Relocated relocated, KernelFacts kernel, CancellationToken cancellation) =>
        Of(bpf, relocated, kernel, Steps, cancellation);

    internal static ReachabilityResult Of(
        BpfObject bpf, Relocated relocated, KernelFacts kernel, long steps, CancellationToken cancellation)
    {
        var poisoned = relocated.Fixups.Where(fixup => fixup.IsPoisoned).ToArray();
        if (poisoned.Length == 0 && !kernel.IsJudged) return ReachabilityResult.Ok(bpf);
        if (ElfRelocations.Read(bpf.Elf) is not { } relocations) return ReachabilityResult.Unknown(bpf, poisoned);

        var refused = poisoned.Select(ReachabilityResult.RefusalOf).ToHashSet();
        var assumptions = new Assumptions();
        var reader = new CodeReader(bpf, relocated, relocations, kernel);
        var programs = Walk();
        if (assumptions.Used == 0) return new(bpf, poisoned, programs, []);
        var rests = RestsOn(assumptions, programs, Walk);
        return new(bpf, poisoned, programs, [.. assumptions.TextsOf(rests)]);

        Dictionary<BpfProgram, ProgramRefusals> Walk()
        {
            var walk = new ObjectWalk(bpf, refused, reader, kernel, assumptions, cancellation);
            var (budget, precise) = (new StepBudget(steps, cancellation), new StepBudget(steps / 2, cancellation));
            var found = new Dictionary<BpfProgram, ProgramRefusals>(ReferenceEqualityComparer.Instance);
            for (var i = 0; i < bpf.Programs.Length; i++)
                if (IsEntry(bpf, bpf.Programs[i])) found.Add(bpf.Programs[i], walk.Of(i, budget, precise));
            return found;
        }
    }

    /// <summary>The assumptions without which more is reached.</summary>
    private static uint RestsOn(
        Assumptions assumptions, Dictionary<BpfProgram, ProgramRefusals> programs, Func<Dictionary<BpfProgram, ProgramRefusals>> walk)
    {
        var used = assumptions.Used;
        if (!Matters(uint.MaxValue)) return 0;
        var single = Assumptions.Split(used).Take(MaxTried + 1).ToArray();
        if (single.Length is 1 or > MaxTried) return used;
        var rests = single.Where(Matters).Aggregate(0u, (all, one) => all | one);
        return rests == 0 ? used : rests;

        bool Matters(uint ignored)
        {
            assumptions.Ignored = ignored;
            var without = walk();
            assumptions.Ignored = 0;
            return programs.Any(program => !program.Value.Reached.SetEquals(without[program.Key].Reached));
        }
    }

    /// <summary>libbpf treats the functions in .text as subprograms, unless the object has only one program (prog_is_subprog).</summary>
    private static bool IsEntry(BpfObject bpf, BpfProgram program) => !program.IsSubprogram || bpf.Programs.Length == 1;
}
