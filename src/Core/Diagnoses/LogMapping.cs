using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.Checks;
using Relo.Core.Objects;
using Relo.Core.Proposals;
using Relo.Core.Reachability;
using Relo.Core.Report;

namespace Relo.Core.Diagnoses;

/// <summary>
/// Maps messages of a log to programs, records and C lines.
/// <code>
/// "12: (85) call unknown#195896080"  →  instruction 12 of the program as loaded  →  instruction 3 of a function in .text  →  its record
/// </code>
/// </summary>
internal sealed class LogMapping(
    DiagnosedKernel on, IReadOnlyList<ProposalEvidence> evidence, WorkBudget work, CancellationToken cancellation)
{
    private readonly PlaceSearch _places = new(on);
    private readonly RecordSearch _records = new(on.Bpf);
    private readonly IndicatorReader _signs = new(on.Bpf, new KernelIndicators(on.Kernel), on.Version);
    private readonly NeedOfName _needs = new(on.Bpf);
    private readonly EvidenceOfSpecs _evidence = new(on.Bpf, evidence, work);
    private readonly ProposalSearch _proposals = new(work);
    private readonly Lazy<ReachabilityResult?> _reachability = new(() => on.CheckReachability(cancellation));

    /// <summary>Poisoned records whose instruction the verifier can reach.</summary>
    private IReadOnlySet<int> ReachableRecords => _reachability.Value?.Records ?? new HashSet<int>();

    /// <summary>The finding of a message.</summary>
    public Finding Map(LogMessage message)
    {
        var finding = message.Kind switch
        {
            FindingKind.PoisonedRelocation => OfRecords(message, RecordsOf(message), WhyPoisoned),
            FindingKind.RelocationFailed => OfFailure(message),
            FindingKind.Helper => OfHelper(message),
            FindingKind.Kfunc or FindingKind.Ksym or FindingKind.AttachTarget or FindingKind.Map => OfNamed(message),
            FindingKind.KernelBtf =>
                OfNeed(message, _needs.KernelBtf(), "the node has no BTF of its kernel, where the loader looks for it"),
            FindingKind.MapValueAccess => OfAccess(message, "the verifier cannot prove that the access stays within the map's value"),
            FindingKind.ContextAccess =>
                OfAccess(message, $"this type of program may not access {message.Name} at that offset on this kernel"),
            FindingKind.StructAccess => OfAccess(message, $"the kernel's struct {message.Name} ends before that offset"),
            FindingKind.IncompleteType => OfAccess(message, $"the object's BTF declares {message.Name} without its members"),
            var other => throw new InvalidOperationException($"{other}"),
        };
        return finding with { Remedy = finding.Remedy ?? Remedies.Of(message.Kind) };
    }

    private static Finding Of(LogMessage message, string explanation) =>
        new(message.Kind, [message.Line.Number, .. message.Repeats.Distinct()], message.Line.Text,
            explanation)
        { Program = message.Trace.Program };

    /// <summary>The records that an instruction without a target may belong to.</summary>
    private int[] RecordsOf(LogMessage message)
    {
        if (message.Number is { } number) return [.. _records.Of(message.Trace.Program, number)];
        var places = _places.Of(message);
        var here = places.SelectMany(found => _records.At(found.Place)).Distinct().ToArray();
        if (message.Spec is { } spec)
        {
            var same = _records.Of(spec).ToArray();
            var both = same.Intersect(here).ToArray();
            if (both.Length > 0) return both;
            var inPrograms = same.Where(IsInPrograms).ToArray();
            if (same.Length > 0) return inPrograms.Length > 0 ? inPrograms : same;
        }
        if (here.Length > 1) here = Poisoned(here) is { Length: > 0 } poisoned ? poisoned : here;
        if (here.Length > 0 || message.Instruction is not null) return here;
        // The message alone, as in a summary of cilium/ebpf: any that the verifier can reach.
        return [.. ReachableRecords.Where(IsInPrograms).Order()];

        bool IsInPrograms(int record) => IsInProgramsOf(message, on.Bpf.Records[record].Program);
    }

    private bool IsInProgramsOf(LogMessage message, BpfProgram? function) =>
        message.Trace.Program is null || _places.HasFunction(message.Trace, function);

    private int[] Poisoned(IEnumerable<int> records) => [.. records.Where(record => on.FixupOf(record) is { IsPoisoned: true })];

    private Finding OfRecords(LogMessage message, int[] records, Func<LogMessage, Fixup?, string> why)
    {
        if (records.Length == 0) return WithPlace(Of(message, WhyNoRecord(message)), message);
        ref readonly var record = ref on.Bpf.Records[records[0]];
        var fixup = on.FixupOf(records[0]);
        var isOne = records.All(other => on.Bpf.Records[other].Spec == on.Bpf.Records[records[0]].Spec);
        var finding = Of(message, isOne
            ? why(message, fixup)
            : $"the log does not say which of {records.Length} records it is; the first: {why(message, fixup)}");
        finding = WithPlace(finding, message);
        if (finding.Instruction is null || records.Length == 1) finding = At(finding, new(record.Program!, (int)record.Instruction));
        finding = finding with
        {
            Program = finding.Program ?? (record.Program!.IsSubprogram ? null : record.Program.Name),
            Relocations = records,
            Local = ReportText.LocalText(on.Bpf, record),
            Reason = fixup is { IsPoisoned: true } ? Reasons.Name(fixup.Value.Change.Poisoned) : null,
        };
        if (on.Bpf.Specs[record.Spec].Spec is not { } local || fixup is not { IsPoisoned: true } missing) return finding;
        var isReachable = records.Any(ReachableRecords.Contains);
        // libbpf's debug log has every record; the verifier's has only what it reached.
        if (message.Number is not null && !isReachable) return finding with { Reachable = false };
        var proposals = _proposals.Of(local, missing.Resolution, _evidence.Of(record.Spec));
        return finding with
        {
            Spec = record.Spec,
            Reachable = isReachable,
            Proposals = proposals,
            Remedy = Remedies.Of(local, missing.Change.Poisoned, proposals),
        };
    }

    private static string WhyPoisoned(LogMessage message, Fixup? fixup) => fixup switch
    {
        { IsPoisoned: true } missing => Reasons.Words(missing.Change.Poisoned),
        null => "the object cannot be relocated for the named kernel, see the other findings",
        _ => "on the named kernel this record has a target: the log is of another kernel, or of an object that was relocated for another",
    };

    private string WhyNoRecord(LogMessage message) => message.Instruction switch
    {
        null when ReachableRecords.Count == 0 =>
            "on the named kernel no instruction that the verifier reaches is poisoned: the log is of another kernel or object",
        null => "the log does not show the instruction, and names no program of this object that has one without a target",
        _ when _places.Of(message).Count == 0 =>
            "the object has no program with this instruction: is the log of another object, or was the object compiled again since?",
        _ => "no CO-RE record is at this instruction: bpf_core_unreachable() of the program itself, or another object",
    };

    /// <summary>What the loader says of a record, and what libbpf would say on the named kernel.</summary>
    private Finding OfFailure(LogMessage message)
    {
        var failed = on.Outcome as RelocationFailed;
        var records = message.Number is { } number ? [.. _records.Of(message.Trace.Program, number)]
            : failed is not null && (message.Trace.Program is null || failed.Program == message.Trace.Program) ? [failed.Index]
            : Array.Empty<int>();
        var isSame = failed is not null && records.Contains(failed.Index);
        var finding = OfRecords(message, records, (_, fixup) => isSame
            ? failed!.Message
            : "the loader cannot apply this record; on the named kernel libbpf "
                + (failed is null ? "can" : "stops at another one"));
        return isSame && failed!.Hint is { } hint ? finding with { Remedy = new(hint) } : finding;
    }

    private Finding OfHelper(LogMessage message)
    {
        var number = message.Number;
        var name = number is { } known ? HelperNames.Of(known) : null;
        name ??= message.Name is { } written && written != "unknown" ? written.Replace("bpf_", "", StringComparison.Ordinal) : null;
        if (number is not { } needed || name is null) return WithPlace(OfNoHelper(message), message);
        var need = new Need(NeedKind.Helper, $"bpf_{name}", [], false) { Indicator = new Indicator.Helper(needed) };
        var finding = OfNeed(message, need, "");
        var since = HelperNames.Since(needed); // null for a helper of the vendor
        return WithPlace(finding, message) with
        {
            Explanation = finding.Status == CheckStatus.Absent
                ? $"the kernel has no helper bpf_{name}{(since is null ? "" : $", which came with Linux {since}")}"
                : $"this type of program may not call bpf_{name} on this kernel",
            Local = $"bpf_{name}",
            Since = since,
            Remedy = Remedies.OfHelper(name),
        };
    }

    // The number is null if it is larger than any that an instruction can hold.
    private static Finding OfNoHelper(LogMessage message)
    {
        var (number, local) = message.Number is { } known ? ($"the number {known}", $"helper {known}") : ("this number", "helper");
        return Of(message, $"no kernel has a helper of {number}") with { Local = local, Remedy = Remedies.OfHelper(null) };
    }

    private Finding OfNamed(LogMessage message)
    {
        var program = message.Trace.Program is { } named ? Array.Find(on.Bpf.Programs, program => program.Name == named) : null;
        var call = message is { Kind: FindingKind.Kfunc, Name: null } ? AbsentCall(message) : null;
        var name = message.Name ?? call?.Name;
        var need = name is null ? null : _needs.Of(message.Kind, name, program);
        var what = message.Kind switch
        {
            FindingKind.Kfunc => "kernel function",
            FindingKind.Ksym => "kernel symbol",
            FindingKind.Map => "map",
            _ => "attach target",
        };
        var finding =
            WithPlace(OfNeed(
                message, need, name is null ? $"a {what} is missing; the log does not name it" : $"the {what} {name} is missing"), message);
        if (finding.Instruction is null && call is { } at) finding = At(finding, at.Place);
        return finding with
        {
            Local = name,
            Remedy = message.Kind switch
            {
                FindingKind.Kfunc => Remedies.OfKfunc(name),
                FindingKind.Ksym when name is not null => Remedies.OfKsym(name),
                FindingKind.AttachTarget when name is not null => Remedies.OfTarget(name, program),
                _ => null,
            },
        };
    }

    // The verifier finds these calls after it has walked the program, so its message shows no instruction.
    private (string Name, CodePlace Place)? AbsentCall(LogMessage message)
    {
        foreach (var found in _places.Of(message))
            if (_needs.CalledAt(found.Place) is { } called) return (called, found.Place);
        var calls = _reachability.Value?.Calls
            .Where(call => call.Kind == RefusalKind.AbsentKfunc && IsInProgramsOf(message, call.Program)).ToList() ?? [];
        return calls.Count > 0 && calls.All(call => call.Name == calls[0].Name)
            ? (calls[0].Name!, new(calls[0].Program, calls[0].Instruction))
            : null;
    }

    private Finding OfNeed(LogMessage message, Need? need, string explanation)
    {
        var finding = Of(message, explanation);
        if (need is null) return finding;
        var (status, shown) = _signs.Read(need);
        return finding with { Local = need.Name, Status = status, Evidence = shown, Need = need };
    }

    private Finding OfAccess(LogMessage message, string explanation)
    {
        var finding = WithPlace(Of(message, explanation), message);
        var records = _places.Of(message).Take(1).SelectMany(found => _records.At(found.Place)).ToArray();
        return finding with
        {
            Relocations = records,
            Local = records.Length > 0 ? ReportText.LocalText(on.Bpf, on.Bpf.Records[records[0]]) : message.Name,
        };
    }

    private Finding WithPlace(Finding finding, LogMessage message)
    {
        var places = _places.Of(message);
        if (places.Count == 0) return finding;
        // Both layouts of one program may fit; the one with a record there is it.
        var found = places.FirstOrDefault(found => _records.At(found.Place).Any(), places[0]);
        if (finding.Program is null && places.Any(other => other.Program.Entry != places[0].Program.Entry)) return finding;
        return At(finding with { Program = found.Program.Entry.Name }, found.Place);
    }

    private Finding At(Finding finding, CodePlace place) => finding with
    {
        Function = place.Function.Name == finding.Program ? null : place.Function.Name,
        Section = place.Function.Section.Name,
        Instruction = place.Instruction,
        Source = on.Bpf.Lines.Find(place.Function.Section.Name, (uint)place.Instruction * Bpf.Instruction.Size),
    };
}
