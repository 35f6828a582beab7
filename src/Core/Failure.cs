using Relo.Core.BtfExt;
using Relo.Core.Relocation;

namespace Relo.Core;

/// <summary>Words a hard error as libbpf's log does: what was wrong, then the line it always ends with.</summary>
internal static class Failure
{
    /// <summary>Index of a record's instruction within its program, which libbpf's texts count by.</summary>
    public static long InstructionOf(CoreRecord record) => record.Instruction - (record.Program?.FirstInstruction ?? 0);

    public static RelocationFailed Of(BpfObject bpf, CoreRecord record, int error, string? message) => Make(bpf, record, message, $"failed to relocate: {error}");

    public static RelocationFailed OfPatch(BpfObject bpf, CoreRecord record, Patched patched) => Make(bpf, record, patched.Message, $"failed to patch insn #{InstructionOf(record)}: {patched.Error}");

    private static RelocationFailed Make(BpfObject bpf, CoreRecord record, string? message, string ending)
    {
        var who = $"prog '{record.Program?.Name ?? record.SectionName}': relo #{record.IndexInSection}: ";
        var text = message is null ? who + ending : $"{who}{message}\n{who}{ending}";
        return new(record.Index, text, record.SectionName, record.Program?.Name, (int)record.Instruction, record.Relo.Kind.ReportName(), bpf.Specs[record.Spec].Spec?.LibbpfText);
    }
}
