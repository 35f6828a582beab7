using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Relocation;

namespace Relo.Core;

/// <summary>Words a hard error as libbpf's log does: what was wrong, then the line it always ends with.</summary>
internal static class Failure
{
    /// <summary>Index of a record's instruction within its program, which libbpf's texts count by.</summary>
    public static long InstructionOf(CoreRecord record) => record.Instruction - (record.Program?.FirstInstruction ?? 0);

    public static RelocationFailed Of(BpfObject bpf, CoreRecord record, int error, string? message) => Make(bpf, record, message, $"failed to relocate: {error}");

    public static RelocationFailed Of(BpfObject bpf, CoreRecord record, Resolution resolution, Patched patched) => ReferenceEquals(resolution, Resolution.Refused)
        ? Of(bpf, record, patched.Error, patched.Message)
        : Make(bpf, record, patched.Message, $"failed to patch insn #{InstructionOf(record)}: {patched.Error}");

    private static RelocationFailed Make(BpfObject bpf, CoreRecord record, string? message, string ending)
    {
        var who = $"prog '{record.Program?.Name ?? record.SectionName}': relo #{record.IndexInSection}: ";
        var text = message is null ? who + ending : $"{who}{message}\n{who}{ending}";
        return new(record.Index, text, record.SectionName, record.Program?.Name, (int)record.Instruction, record.Relo.Kind.ReportName(), bpf.Specs[record.Spec].Spec?.LibbpfText,
            bpf.Lines.Find(record.SectionName, record.Relo.InstructionOffset), HintFor(bpf, record.Relo));
    }

    /// <summary>Candidates are found by the name of the root type: without a name there are none, and libbpf's text does not say so.</summary>
    private static string? HintFor(BpfObject bpf, CoreRelo relo)
    {
        if (relo.Kind == CoreReloKind.TypeIdLocal || relo.TypeId >= (uint)bpf.Types.Count) return null;
        var root = bpf.Types[relo.TypeId];
        if (!bpf.Types.Name(root.NameOffset).IsEmpty) return null;
        return root.Kind is BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64
            ? $"the access goes through a {root.Kind.LibbpfName()} without a name, and the kernel's type is found by its name: give the {root.Kind.LibbpfName()} the name that it has in the kernel"
            : $"the access begins at a type without a name (BTF kind {root.Kind.LibbpfName()}), and the kernel's type is found by its name: begin it at a named struct, union, enum or typedef";
    }
}
