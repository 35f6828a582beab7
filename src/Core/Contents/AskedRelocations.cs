using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Core.Contents;

/// <summary>Lists the records of an object.</summary>
internal static class AskedRelocations
{
    public static AskedRelocation[] Of(BpfObject bpf, ReportText text)
    {
        return [.. bpf.Records.Select(r => new AskedRelocation(
            r.Index, text.Take(r.SectionName), r.Program is { } program ? text.Take(program.Name) : null,
            r.Instruction, r.Relo.Kind.ReportName(), text.LocalOf(bpf, r),
            text.Take(bpf.Lines.Find(r.SectionName, r.Relo.InstructionOffset))))];
    }
}
