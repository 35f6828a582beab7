using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Relocation;

namespace Relo.Core;

/// <summary>Formats a hard error as libbpf's log does: the cause, then the line that ends every such message.</summary>
internal static class Failure
{
    /// <summary>Index of a record's instruction within its program, as in libbpf's messages.</summary>
    public static long InstructionOf(CoreRecord record) => record.Instruction - (record.Program?.FirstInstruction ?? 0);

    /// <summary>A record that libbpf cannot resolve.</summary>
    public static RelocationFailed Of(BpfObject bpf, CoreRecord record, ResolutionError error) =>
        Make(bpf, record, error.Message, $"failed to relocate: {error.Number}");

    /// <summary>A record that libbpf cannot resolve (no resolution), or cannot apply to its instruction.</summary>
    public static RelocationFailed Of(BpfObject bpf, CoreRecord record, Resolution? resolution, InstructionChange change) =>
        resolution is null
            ? Of(bpf, record, new ResolutionError(change.Error, change.Message))
            : OfPatch(bpf, record, change);

    /// <summary>A record whose resolution does not fit its instruction.</summary>
    public static RelocationFailed OfPatch(BpfObject bpf, CoreRecord record, InstructionChange change) =>
        Make(bpf, record, change.Message, $"failed to patch insn #{InstructionOf(record)}: {change.Error}");

    /// <summary>A record whose offset is not aligned to an instruction.</summary>
    public static RelocationFailed OfOffset(BpfObject bpf, CoreRecord record) =>
        Of(bpf, record, new(Errno.EInval, $"insn_off {record.Relo.InstructionOffset} is not a multiple of {Instruction.Size}"));

    /// <summary>A record at which the budget is exhausted.</summary>
    public static RelocationFailed OfBudget(BpfObject bpf, CoreRecord record) => Of(bpf, record, ResolutionError.OutOfBudget);

    private static RelocationFailed Make(BpfObject bpf, CoreRecord record, string? message, string ending)
    {
        var prefix = $"prog '{record.Program?.Name ?? record.SectionName}': relo #{record.IndexInSection}: ";
        return new(
            record.Index,
            message is null ? prefix + ending : $"{prefix}{message}\n{prefix}{ending}",
            record.SectionName,
            record.Program?.Name,
            (int)record.Instruction,
            record.Relo.Kind.ReportName(),
            bpf.Specs[record.Spec].Spec?.LibbpfText,
            bpf.Lines.Find(record.SectionName, record.Relo.InstructionOffset),
            HintFor(bpf, record.Relo));
    }

    /// <summary>Candidates are found by the name of the root type. libbpf's text does not say that an unnamed type has none.</summary>
    private static string? HintFor(BpfObject bpf, CoreRelo relo)
    {
        if (relo.Kind == CoreReloKind.TypeIdLocal || relo.TypeId >= (uint)bpf.Types.Count) return null;
        var root = bpf.Types[relo.TypeId];
        if (!bpf.Types.Name(root.NameOffset).IsEmpty) return null;
        var kind = root.Kind.LibbpfName();
        return root.Kind is BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64
            ? $"the access goes through a {kind} without a name, and the kernel's type is found by its name: "
                + $"give the {kind} the name that it has in the kernel"
            : $"the access begins at a type without a name (BTF kind {kind}), and the kernel's type is found by its name: "
                + "begin it at a named struct, union, enum or typedef";
    }
}
