using Relo.Core.Elf;
using Relo.Core.Objects;

namespace Relo.Core.Reachability;

/// <summary>
/// Follows programs from their start, with the context in r1, and collects the loads from it that can run. Functions are followed at
/// each call, global ones too, because a program may pass its context on.
/// </summary>
internal sealed class ContextWalk(BpfObject bpf, Relocated relocated, KernelFacts kernel, CancellationToken cancellation)
{
    // As for the verdict of one program, but for all together.
    private const long Steps = 1_000_000;
    private const int StatesPerPlace = 16;

    private readonly ElfRelocations? _relocations = ElfRelocations.Read(bpf.Elf);
    private readonly StepBudget _budget = new(Steps, cancellation);
    private readonly Dictionary<int, FunctionCode> _codes = [];
    private readonly HashSet<(int, long)> _records =
        [.. relocated.Fixups.Select(fixup => (fixup.Record.Section!.Index, fixup.Record.Instruction))];

    /// <summary>
    /// The loads of a program that no record relocates; none if its code is not understood or too long, or uses values of this kernel that
    /// are not known.
    /// </summary>
    /// <param name="program">Index of the program.</param>
    public IReadOnlyList<ContextRead> Of(int program)
    {
        if (_relocations is null) return [];
        var (loads, assumptions) = (new ContextLoads(), new Assumptions());
        var reader = new CodeReader(bpf, relocated, _relocations, kernel);
        var setting = new WalkSetting(
            Code, _ => false, kernel.Verifier, new(new ReadOnlyData(bpf.Elf), kernel, assumptions, loads), assumptions,
            IsPrecise: true, StatesPerPlace);
        return new PathWalk(setting, _budget).Run([program], KnownValue.Context) && loads.IsCertain
            ? [.. loads.Reads.Where(read => !_records.Contains((read.Section, read.Instruction)))]
            : [];

        FunctionCode Code(int function)
        {
            if (!_codes.TryGetValue(function, out var code)) _codes.Add(function, code = reader.Read(function));
            return code;
        }
    }
}
