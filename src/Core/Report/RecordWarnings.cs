using Relo.Core.Bpf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Relocation;

namespace Relo.Core.Report;

/// <summary>Warnings about one record.</summary>
internal sealed class RecordWarnings(BpfObject bpf)
{
    public IEnumerable<ReportWarning> Of(ReportLine line)
    {
        var record = bpf.Records[line.Record];
        var warnings = line.IsRefused ? [OfRefused(record, line)]
            : line.IsPoisoned ? [OfPoisoned(record, line)]
            : OfRelocated(record, line);
        return warnings.Select(warning => new ReportWarning(warning.Code, warning.Message, record.Program?.Name, record.Index));
    }

    private (string Code, string Message) OfRefused(CoreRecord record, ReportLine line)
    {
        var failure = line.Resolution.Miss == Miss.Refused
            ? Failure.Of(bpf, record, new ResolutionError(line.Change.Error, line.Change.Message))
            : Failure.OfPatch(bpf, record, line.Change);
        var hint = failure.Hint is null ? "" : $"\n{failure.Hint}";
        return ("optional-program-refused",
            $"libbpf cannot relocate the optional program '{record.Program?.Name}': {failure.Message}{hint}. "
            + $"Instruction {record.Instruction} is poisoned: the object loads, and loading this program fails.");
    }

    private (string Code, string Message) OfPoisoned(CoreRecord record, ReportLine line)
    {
        var outcome = line.IsReachable
            ? $"can be reached: the verifier will report \"invalid func unknown#{InstructionPatcher.Poison.Imm}\"."
            : "is not reached: an earlier check is false on this kernel.";
        return ("poisoned-instruction",
            $"{TextOf(record)}: {Reasons.Words(line.Change.Poisoned)}. Instruction {record.Instruction} {outcome}");
    }

    private IEnumerable<(string Code, string Message)> OfRelocated(CoreRecord record, ReportLine line)
    {
        var resolution = line.Resolution;
        return record.Relo.Kind switch
        {
            CoreReloKind.TypeIdLocal => [("type-id-local-cilium",
                $"{TextOf(record)}: the id is from this object's .BTF; cilium/ebpf renumbers types when it loads, "
                + "and the id then belongs to another type.")],
            CoreReloKind.TypeIdTarget when resolution.TargetValue != 0 => [("type-id-target-useless",
                $"{TextOf(record)}: the id {resolution.TargetValue} is from the archive's BTF; a kernel without BTF has no type ids.")],
            CoreReloKind.TypeSize when resolution.Target is null => [("type-size-zero",
                $"{TextOf(record)}: {Reasons.Words(resolution.Miss)}; its size is reported as 0.")],
            CoreReloKind.EnumValue when resolution.LocalValue != resolution.TargetValue => [("enum-value-changed",
                $"{TextOf(record)}: {unchecked((long)resolution.TargetValue)} in this kernel.")],
            CoreReloKind.FieldByteOffset => OfField(record, line),
            _ => [],
        };
    }

    private IEnumerable<(string Code, string Message)> OfField(CoreRecord record, ReportLine line)
    {
        var (local, resolution) = (bpf.Specs[record.Spec].Spec!, line.Resolution);
        // An offset that is computed, not loaded from, is passed to bpf_probe_read with the size at compile time. Of a nested struct,
        // mostly only the address is used.
        var isComputed = (line.Change.Before.First.Code & Opcode.ClassMask) is Opcode.Alu32 or Opcode.Alu64;
        if (resolution.LocalSize != resolution.TargetSize && isComputed && FieldPlace.IsScalar(local))
        {
            yield return ("size-changed-probe-read",
                $"{local.LibbpfText}: {resolution.LocalSize} bytes in the object, {resolution.TargetSize} in this kernel; "
                + $"a bpf_probe_read of it still reads {resolution.LocalSize}.");
        }
        if (resolution.IsTargetSigned is { } isSigned && FieldPlace.Of(local).IsSigned != isSigned)
            yield return ("signedness-changed", $"{local.LibbpfText}: signed on one side, unsigned on the other.");
    }

    private string TextOf(CoreRecord record) => bpf.Specs[record.Spec].Spec!.LibbpfText;
}
