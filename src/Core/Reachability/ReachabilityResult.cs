using Relo.Core.Objects;

namespace Relo.Core.Reachability;

/// <summary>What the verifier would refuse in an object, and which of it is reachable.</summary>
public sealed class ReachabilityResult
{
    private readonly HashSet<int> _records = [];
    private readonly HashSet<int> _loadedRecords = [];
    private readonly Dictionary<BpfProgram, Verdict> _verdicts = new(ReferenceEqualityComparer.Instance);

    internal ReachabilityResult(
        BpfObject bpf, IReadOnlyCollection<Fixup> poisoned, Dictionary<BpfProgram, ProgramRefusals> programs, IReadOnlyList<string> assumes)
    {
        Assumes = assumes;
        var reached = programs.SelectMany(p => p.Value.Reached).ToHashSet();
        var loaded = programs.Where(p => !p.Key.IsOptional).SelectMany(p => p.Value.Reached).ToHashSet();
        Calls = [.. reached.Where(r => r.Kind != RefusalKind.PoisonedRecord)
            .OrderBy(r => r.Program.Section.Index).ThenBy(r => r.Instruction)];
        AddRecords(poisoned, reached, _records);
        AddRecords(poisoned, loaded, _loadedRecords);
        var held = programs.SelectMany(p => p.Value.All).Concat(poisoned.Select(RefusalOf)).ToHashSet()
            .ToLookup(refusal => refusal.Program, ReferenceEqualityComparer.Instance);
        foreach (var program in bpf.Programs)
        {
            var isEntry = programs.TryGetValue(program, out var own);
            var verdict = isEntry ? own!.Verdict : VerdictOf(held[program], reached);
            _verdicts[program] = verdict;
            // A function that no program reaches breaks no program; reachable code counts for the program that reaches it.
            if (!program.IsOptional && (isEntry || verdict == Verdict.Guarded)) Verdict = Worst(Verdict, verdict);
        }
    }

    private ReachabilityResult(BpfObject bpf, IReadOnlyCollection<Fixup> poisoned)
        : this(bpf, poisoned, Everything(bpf, poisoned), [])
    {
    }

    /// <summary>The verdict of the object: that of the programs loaded by default.</summary>
    public Verdict Verdict { get; }

    /// <summary>Indexes of the poisoned records whose instruction is reachable, including those in optional programs.</summary>
    public IReadOnlySet<int> Records => _records;

    /// <summary>Those reached by programs loaded by default.</summary>
    public IReadOnlySet<int> LoadedRecords => _loadedRecords;

    /// <summary>The other reachable instructions that the verifier refuses.</summary>
    public IReadOnlyList<Refusal> Calls { get; }

    /// <summary>What the verdict depends on: <c>LINUX_KERNEL_VERSION = 6.1.158</c>, <c>.rodata wide = 0</c>.</summary>
    public IReadOnlyList<string> Assumes { get; }

    /// <summary>The verdict of a program; for a function in <c>.text</c>, that of its own instructions.</summary>
    public Verdict Of(BpfProgram program) => _verdicts[program];

    /// <summary>Nothing is poisoned.</summary>
    internal static ReachabilityResult Ok(BpfObject bpf) => new(bpf, []);

    /// <summary>Nothing can be proven of the object.</summary>
    internal static ReachabilityResult Unknown(BpfObject bpf, IReadOnlyCollection<Fixup> poisoned) => new(bpf, poisoned);

    private static Dictionary<BpfProgram, ProgramRefusals> Everything(BpfObject bpf, IEnumerable<Fixup> poisoned)
    {
        var all = poisoned.Select(RefusalOf).ToHashSet();
        var programs = new Dictionary<BpfProgram, ProgramRefusals>(ReferenceEqualityComparer.Instance);
        foreach (var program in bpf.Programs) programs[program] = ProgramRefusals.Unknown(all);
        return programs;
    }

    internal static Refusal RefusalOf(Fixup fixup) => new(RefusalKind.PoisonedRecord, fixup.Record.Program!, (int)fixup.Record.Instruction);

    private static void AddRecords(IEnumerable<Fixup> poisoned, HashSet<Refusal> reached, HashSet<int> records) =>
        records.UnionWith(poisoned.Where(fixup => reached.Contains(RefusalOf(fixup))).Select(fixup => fixup.Record.Index));

    private static Verdict VerdictOf(IEnumerable<Refusal> held, HashSet<Refusal> reached)
    {
        var worst = Verdict.Ok;
        foreach (var refusal in held) worst = Worst(worst, reached.Contains(refusal) ? Verdict.Broken : Verdict.Guarded);
        return worst;
    }

    private static Verdict Worst(Verdict one, Verdict other) => one > other ? one : other;
}
