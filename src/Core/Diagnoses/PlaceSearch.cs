using Relo.Core.Bpf;
using Relo.Core.Objects;

namespace Relo.Core.Diagnoses;

/// <summary>Finds the instruction of the object that a log speaks of.</summary>
internal sealed class PlaceSearch(DiagnosedKernel on)
{
    // Comparing an instruction of the log with one of a program.
    private const long MaxComparisons = 1 << 24;

    private readonly LoadedPrograms _programs = new(on.Bpf);
    private readonly Dictionary<VerifierTrace, IReadOnlyList<LoadedProgram>> _byTrace = new(ReferenceEqualityComparer.Instance);
    private long _comparisons;

    /// <summary>The programs that the log may be about: the named one, else those whose instructions the trace shows.</summary>
    public IReadOnlyList<LoadedProgram> ProgramsOf(VerifierTrace trace)
    {
        if (!_byTrace.TryGetValue(trace, out var programs)) _byTrace.Add(trace, programs = Match(trace));
        return programs;
    }

    /// <summary>The places of an instruction; several if the log fits several programs or the layouts of several loaders.</summary>
    public IReadOnlyList<(LoadedProgram Program, CodePlace Place)> Of(LogMessage message)
    {
        if (message.Instruction is not { } instruction) return [];
        return [.. ProgramsOf(message.Trace).Select(program => (program, Place: program.At(instruction)))
            .Where(found => found.Place is not null).Select(found => (found.program, found.Place!.Value))];
    }

    private List<LoadedProgram> Match(VerifierTrace trace)
    {
        var entries = trace.Program is null ? _programs.Entries : _programs.Entries.Where(entry => entry.Name == trace.Program);
        var best = int.MaxValue;
        var found = new List<LoadedProgram>();
        foreach (var program in entries.SelectMany(_programs.Of))
        {
            var wrong = Differences(trace, program);
            // One instruction may differ because it is poisoned; more in a program that the log does not name is another program.
            if (trace.Program is null && wrong > 1 + (trace.Opcodes.Count / 10)) continue;
            if (wrong < best) found.Clear();
            best = Math.Min(best, wrong);
            if (wrong == best) found.Add(program);
        }
        return found;
    }

    private int Differences(VerifierTrace trace, LoadedProgram program)
    {
        var wrong = 0;
        var code = on.Code.Span;
        foreach (var (index, opcode) in trace.Opcodes)
        {
            if (++_comparisons > MaxComparisons) break;
            if (program.At(index) is not { } place
                || code[(int)place.Function.Section.Offset + (place.Instruction * Instruction.Size)] != opcode) wrong++;
        }
        return wrong;
    }
}
