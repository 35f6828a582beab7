using Relo.Core.Bpf;
using Relo.Core.Objects;

namespace Relo.Core.Diagnoses;

/// <summary>Finds the instruction of the object that a log speaks of.</summary>
internal sealed class PlaceSearch(DiagnosedKernel on)
{
    // Comparing an instruction of the log with one of a program.
    private const long MaxComparisons = 1 << 24;

    private readonly LoadedPrograms _programs = new(on.Bpf);
    private long _comparisons;

    // What is known of one trace: its messages follow each other, and there may be many traces.
    private VerifierTrace? _trace;
    private List<LoadedProgram> _matching = [];
    private HashSet<BpfProgram>? _functions;

    /// <summary>Whether a program that the log may be about contains the function.</summary>
    public bool HasFunction(VerifierTrace trace, BpfProgram? function)
    {
        var programs = ProgramsOf(trace);
        _functions ??= new(programs.SelectMany(program => program.Functions), ReferenceEqualityComparer.Instance);
        return function is not null && _functions.Contains(function);
    }

    /// <summary>The places of an instruction; several if the log fits several programs or the layouts of several loaders.</summary>
    public IReadOnlyList<(LoadedProgram Program, CodePlace Place)> Of(LogMessage message)
    {
        if (message.Instruction is not { } instruction) return [];
        return [.. ProgramsOf(message.Trace).Select(program => (program, Place: program.At(instruction)))
            .Where(found => found.Place is not null).Select(found => (found.program, found.Place!.Value))];
    }

    /// <summary>The programs that the log may be about: the named one, else those whose instructions the trace shows.</summary>
    private List<LoadedProgram> ProgramsOf(VerifierTrace trace)
    {
        if (trace != _trace) (_trace, _matching, _functions) = (trace, Match(trace), null);
        return _matching;
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
