using Relo.Core.Access;
using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Checks;
using Relo.Core.Objects;
using Relo.Core.Proposals;
using Relo.Core.Reachability;
using Relo.Core.Relocation;
using Relo.Core.Report;

namespace Relo.Core.Tests.Report;

/// <summary>
/// A report made in the plainest way: every entry, change and warning is built from the fixups, while the kernel's types are open, into
/// lists. The report that is printed piece by piece must equal it.
/// </summary>
internal static class PlainReport
{
    public static RelocationReport Of(BpfObject bpf, Relocated relocated, CancellationToken cancellation)
    {
        var reachable = ReachabilityCheck.Of(bpf, relocated, version: null, cancellation);
        var requirements = Requirements.Of(bpf);
        var verdicts = bpf.Programs.Select(reachable.Of).ToArray();
        var described = ReportBuilder.Describe(bpf);
        described = described with { Programs = [.. described.Programs.Select((program, i) => program with { Verdict = verdicts[i] })] };
        var entries = relocated.Fixups.Select(fixup => Entry(bpf, relocated, fixup, reachable)).ToArray();
        var changes = Changes(bpf, relocated);
        var checks = NeedChecks.Of(bpf, relocated, reachable, version: null, cancellation);
        var summary = new RelocationSummary(
            entries.Length, Count(RelocationEffect.Changed), Count(RelocationEffect.Unchanged), Count(RelocationEffect.Poisoned),
            reachable.LoadedRecords.Count, changes.Count(HasMoved),
            checks.Count(check => check.Status == CheckStatus.Absent && !check.Optional));
        var warnings = Warnings(bpf, relocated, reachable, requirements, described).ToArray();
        return new(described, reachable.Verdict, [.. reachable.Assumes], summary, changes, entries, checks, warnings);

        int Count(RelocationEffect effect) => entries.Count(entry => entry.Outcome == effect);

        bool HasMoved(FieldChange change) => change.TargetOffsetBytes is not null
            && (change.LocalOffsetBytes, change.LocalBitOffset) != (change.TargetOffsetBytes, change.TargetBitOffset);
    }

    private static RelocationEntry Entry(BpfObject bpf, Relocated relocated, Fixup fixup, ReachabilityResult reachable)
    {
        var (record, resolution, change) = (fixup.Record, fixup.Resolution, fixup.Change);
        var target = resolution.Target;
        var effect = fixup.IsPoisoned ? RelocationEffect.Poisoned
            : fixup.IsChanged ? RelocationEffect.Changed
            : RelocationEffect.Unchanged;
        return new(
            record.Index, record.SectionName, record.Program?.Name, (int)record.Instruction, record.Relo.Kind.ReportName(),
            ReportText.LocalText(bpf, record), target?.Text, target is null ? null : relocated.ModuleOf(target.Types),
            Candidates(relocated, resolution), effect,
            Reasons.Name(fixup.IsPoisoned ? change.Poisoned : resolution.Miss),
            fixup.IsPoisoned ? reachable.Records.Contains(record.Index) : null,
            fixup.IsRefused ? null : (long)resolution.LocalValue, fixup.IsPoisoned ? null : (long)resolution.TargetValue,
            Disassembler.Format(change.Before.First, change.Before.Second), Disassembler.Format(change.After.First, change.After.Second),
            bpf.Lines.Find(record.SectionName, record.Relo.InstructionOffset));
    }

    private static string[]? Candidates(Relocated relocated, Resolution resolution)
    {
        if (resolution.Considered.Count == 0 || (resolution.Considered.Count == 1 && resolution.Considered[0].Matched)) return null;
        return [.. from considered in resolution.Considered
            let type = considered.Candidate.Types[considered.Candidate.Id]
            let module = relocated.ModuleOf(considered.Candidate.Types)
            select $"[{type.Id}] {type.Kind.LibbpfName()} {considered.Candidate.Types.NameText(type.NameOffset)}"
                + $"{(module is null ? "" : $" in {module}")}: {(considered.Matched ? "matching" : "non-matching")}"];
    }

    // Each access once, in the order of its first record; what a record says that has a target counts.
    private static FieldChange[] Changes(BpfObject bpf, Relocated relocated)
    {
        var groups = new List<(uint Root, string Steps, List<Fixup> Uses)>();
        foreach (var fixup in relocated.Fixups)
        {
            if (Local(bpf, fixup) is not { } local || local.Kind == CoreReloKind.TypeIdLocal) continue;
            var steps = local.Kind.IsFieldBased() ? local.RawText : local.PathText;
            var group = groups.Find(group => group.Root == local.RootTypeId && group.Steps == steps);
            if (group.Uses is null) groups.Add(group = (local.RootTypeId, steps, []));
            group.Uses.Add(fixup);
        }
        var proposals = new ProposalSearch(new WorkBudget(ProposalSearch.StepsOfReport, CancellationToken.None));
        return [.. groups.Select(group => Change(bpf, group.Uses, proposals)).OfType<FieldChange>()];
    }

    private static FieldChange? Change(BpfObject bpf, List<Fixup> uses, ProposalSearch proposals)
    {
        var at = uses.FindIndex(use => use.Resolution.Target is not null);
        if (at < 0) at = uses.FindIndex(use => use.Resolution.Miss != Miss.Refused);
        if (at < 0) return null;
        var (local, target, miss) = (Local(bpf, uses[at])!, uses[at].Resolution.Target, uses[at].Resolution.Miss);
        var was = FieldPlace.Of(local);
        FieldPlace? now = target is null ? null : FieldPlace.Of(target);
        var change = now is { } there ? Difference(local.Kind, was, there)
            : miss is Miss.IncompatibleField or Miss.IncompatibleType ? "incompatible"
            : "missing";
        if (change is null) return null;
        var field = local.PathText.TrimStart('.', ':');
        return new(
            local.RootText, local.PathText.Length == 0 ? null : field, local.Kind.IsTypeBased() ? "0" : local.RawText, change,
            was.OffsetBytes, now?.OffsetBytes, was.SizeBytes, now?.SizeBytes, was.BitOffset, now?.BitOffset, target?.RootText,
            [.. uses.Select(use => use.Record.Index)])
        {
            Proposal = proposals.Of(local, uses[at].Resolution, FieldEvidence.OfObject(local)) is [var best, ..] ? best : null,
        };
    }

    private static string? Difference(CoreReloKind kind, FieldPlace was, FieldPlace now)
    {
        if (kind.IsEnumBased()) return was.Value == now.Value ? null : "value-changed";
        if (kind is CoreReloKind.TypeExists or CoreReloKind.TypeMatches or CoreReloKind.TypeIdTarget) return null;
        var moved = (was.OffsetBytes, was.BitOffset) != (now.OffsetBytes, now.BitOffset);
        var resized = (was.SizeBytes, was.BitfieldBits) != (now.SizeBytes, now.BitfieldBits);
        if (moved) return resized ? "moved-and-resized" : "moved";
        return resized ? "resized" : was.IsSigned == now.IsSigned ? null : "signedness";
    }

    private static IEnumerable<ReportWarning> Warnings(
        BpfObject bpf, Relocated relocated, ReachabilityResult reachable, Requirements requirements, ObjectReport described)
    {
        var mismatch = ArchitectureMismatch.Find(bpf, relocated);
        if (mismatch is not null) yield return new(ArchitectureMismatch.Code, mismatch.Message);
        var ofObject = new ObjectWarnings(bpf, relocated.Kernel.Own.IsBigEndian, requirements, described);
        foreach (var warning in ofObject.All().Concat(reachable.Calls.Select(ofObject.Of))) yield return warning;
        foreach (var fixup in relocated.Fixups)
        {
            if (mismatch?.Records.Contains(fixup.Record.Index) == true) continue;
            foreach (var (code, message) in Warnings(bpf, fixup, reachable.Records.Contains(fixup.Record.Index)))
                yield return new(code, message, fixup.Record.Program?.Name, fixup.Record.Index);
        }
    }

    private static IEnumerable<(string Code, string Message)> Warnings(BpfObject bpf, Fixup fixup, bool isReachable)
    {
        var (record, resolution, change) = (fixup.Record, fixup.Resolution, fixup.Change);
        var local = Local(bpf, fixup);
        if (fixup.IsRefused)
        {
            var failure = resolution.Miss == Miss.Refused
                ? Failure.Of(bpf, record, new ResolutionError(change.Error, change.Message))
                : Failure.OfPatch(bpf, record, change);
            var message = failure.Hint is null ? failure.Message : $"{failure.Message}\n{failure.Hint}";
            yield return ("optional-program-refused",
                $"libbpf cannot relocate the optional program '{record.Program?.Name}': {message}. "
                + $"Instruction {record.Instruction} is poisoned: the object loads, and loading this program fails.");
        }
        else if (fixup.IsPoisoned)
        {
            yield return ("poisoned-instruction",
                $"{local!.LibbpfText}: {Reasons.Words(change.Poisoned)}. Instruction {record.Instruction} " + (isReachable
                    ? "can be reached: the verifier will report \"invalid func unknown#195896080\"."
                    : "is not reached: an earlier check is false on this kernel."));
        }
        else if (Value(local!, resolution) is { } warning)
        {
            yield return warning;
        }
        else if (record.Relo.Kind == CoreReloKind.FieldByteOffset)
        {
            if (resolution.LocalSize != resolution.TargetSize && (change.Before.First.Code & 7) is 4 or 7 && FieldPlace.IsScalar(local!))
                yield return ("size-changed-probe-read",
                    $"{local!.LibbpfText}: {resolution.LocalSize} bytes in the object, {resolution.TargetSize} in this kernel; "
                    + $"a bpf_probe_read of it still reads {resolution.LocalSize}.");
            if (resolution.Target is { } target && FieldPlace.Of(target).IsSigned != FieldPlace.Of(local!).IsSigned)
                yield return ("signedness-changed", $"{local!.LibbpfText}: signed on one side, unsigned on the other.");
        }
    }

    private static (string Code, string Message)? Value(AccessSpec local, Resolution resolution) => local.Kind switch
    {
        CoreReloKind.TypeIdLocal => ("type-id-local-cilium",
            $"{local.LibbpfText}: the id is from this object's .BTF; cilium/ebpf renumbers types when it loads, "
            + "and the id then belongs to another type."),
        CoreReloKind.TypeIdTarget when resolution.TargetValue != 0 => ("type-id-target-useless",
            $"{local.LibbpfText}: the id {resolution.TargetValue} is from the archive's BTF; a kernel without BTF has no type ids."),
        CoreReloKind.TypeSize when resolution.Target is null => ("type-size-zero",
            $"{local.LibbpfText}: {Reasons.Words(resolution.Miss)}; its size is reported as 0."),
        CoreReloKind.EnumValue when resolution.LocalValue != resolution.TargetValue => ("enum-value-changed",
            $"{local.LibbpfText}: {(long)resolution.TargetValue} in this kernel."),
        _ => null,
    };

    private static AccessSpec? Local(BpfObject bpf, Fixup fixup) => bpf.Specs[fixup.Record.Spec].Spec;
}
