using System.Runtime.CompilerServices;
using Relo.Core.Bpf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Reachability;
using Relo.Core.Relocation;

namespace Relo.Core.Report;

/// <summary>The lines of a report, one for each record of a program; prints the entries.</summary>
internal sealed class ReportLines
{
    // Memory of a resolution without its texts, and of its reference.
    private const int BytesPerResolution = 160;

    private readonly BpfObject _bpf;
    private readonly ReportLine[] _lines;
    private readonly long _resolutionBytes;

    private ReportLines(BpfObject bpf, ReportLine[] lines, IReadOnlyCollection<ReportedResolution> resolutions)
    {
        (_bpf, _lines) = (bpf, lines);
        _resolutionBytes = resolutions.Sum(resolution => BytesPerResolution + (2L * resolution.Characters));
        Modules = resolutions.Select(resolution => resolution.Module).OfType<string>().ToHashSet(StringComparer.Ordinal);
        Entries = new PrintedList<RelocationEntry>(lines.Length, i => Print(lines[i]));
    }

    public ReadOnlySpan<ReportLine> Span => _lines;

    public IReadOnlyList<ReportLine> All => _lines;

    /// <summary>The entries of the report, each printed when it is read.</summary>
    public IReadOnlyList<RelocationEntry> Entries { get; }

    /// <summary>The kernel modules of the targets.</summary>
    public IReadOnlySet<string> Modules { get; }

    /// <summary>Bytes of memory that the lines hold, without the object.</summary>
    public long HeldBytes => ((long)_lines.Length * Unsafe.SizeOf<ReportLine>()) + _resolutionBytes;

    /// <summary>Copies from the fixups what a report needs, and counts the characters of its entries.</summary>
    public static ReportLines Of(
        BpfObject bpf, Relocated relocated, ReachabilityResult reachable, ReportText text, CancellationToken cancellation)
    {
        var resolutions = new Dictionary<Resolution, ReportedResolution>(ReferenceEqualityComparer.Instance);
        var lines = new ReportLine[relocated.Fixups.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var fixup = relocated.Fixups[i];
            ref readonly var record = ref fixup.Record;
            if (!resolutions.TryGetValue(fixup.Resolution, out var resolution))
            {
                resolutions.Add(fixup.Resolution, resolution = ReportedResolution.Of(relocated, fixup.Resolution));
                text.Keep(resolution.Characters);
            }
            text.Pay(record.SectionName.Length + (record.Program?.Name.Length ?? 0) + text.LengthOf(bpf, record) + resolution.Characters);
            text.Take(bpf.Lines.Find(record.SectionName, record.Relo.InstructionOffset));
            lines[i] = new(record.Index, resolution, fixup.Change, fixup.IsPoisoned && reachable.Records.Contains(record.Index));
        }
        return new(bpf, lines, resolutions.Values);
    }

    private RelocationEntry Print(in ReportLine line)
    {
        ref readonly var record = ref _bpf.Records[line.Record];
        var (resolution, change) = (line.Resolution, line.Change);
        return new(
            record.Index, record.SectionName, record.Program?.Name, (int)record.Instruction, record.Relo.Kind.ReportName(),
            ReportText.LocalText(_bpf, record), resolution.Target, resolution.Module, resolution.Candidates,
            line.Effect, Reasons.Name(line.IsPoisoned ? change.Poisoned : resolution.Miss),
            line.IsPoisoned ? line.IsReachable : null,
            line.IsRefused ? null : unchecked((long)resolution.LocalValue), line.IsPoisoned
                ? null
                : unchecked((long)resolution.TargetValue),
            Disassembler.Format(change.Before.First, change.Before.Second),
            Disassembler.Format(change.After.First, change.After.Second),
            _bpf.Lines.Find(record.SectionName, record.Relo.InstructionOffset));
    }
}
