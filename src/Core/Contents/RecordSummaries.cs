using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Core.Contents;

/// <summary>Lists the records of an object, each printed when it is read.</summary>
internal static class RecordSummaries
{
    /// <summary>All of them. Counts their characters.</summary>
    public static IReadOnlyList<RecordSummary> Of(BpfObject bpf, ReportText text)
    {
        foreach (ref readonly var record in bpf.Records.AsSpan())
        {
            text.Pay(record.SectionName.Length + (record.Program?.Name.Length ?? 0) + text.LengthOf(bpf, record));
            text.Take(SourceOf(bpf, record));
        }
        return new PrintedList<RecordSummary>(bpf.Records.Length, index => Print(bpf, bpf.Records[index]));
    }

    /// <summary>One of them.</summary>
    public static RecordSummary Print(BpfObject bpf, in CoreRecord record) => new(
        record.Index, record.SectionName, record.Program?.Name, record.Instruction, record.Relo.Kind.ReportName(),
        ReportText.LocalText(bpf, record), SourceOf(bpf, record));

    private static SourceLine? SourceOf(BpfObject bpf, in CoreRecord record) =>
        bpf.Lines.Find(record.SectionName, record.Relo.InstructionOffset);
}
