using System.Collections;
using Relo.Core.Checks;
using Relo.Core.Objects;
using Relo.Core.Reachability;

namespace Relo.Core.Report;

/// <summary>
/// Findings besides the verdict: further requirements of the node, and correct but surprising results. Each warning is printed when
/// it is read.
/// </summary>
internal sealed class Warnings : IEnumerable<ReportWarning>
{
    private readonly ReportLines _lines;
    private readonly IReadOnlyList<Refusal> _calls;
    private readonly ArchitectureMismatch? _mismatch;
    private readonly ObjectWarnings _ofObject;
    private readonly RecordWarnings _ofRecords;

    public Warnings(
        BpfObject bpf, Relocated relocated, ReportLines lines, Requirements requirements, ObjectReport described,
        IReadOnlyList<Refusal> calls)
    {
        (_lines, _calls) = (lines, calls);
        _mismatch = ArchitectureMismatch.Find(bpf, relocated);
        _ofObject = new(bpf, relocated.Kernel.Own.IsBigEndian, requirements, described);
        _ofRecords = new(bpf);
    }

    /// <summary>Counts the characters of all messages.</summary>
    public void Count(ReportText text, CancellationToken cancellation)
    {
        foreach (var warning in this)
        {
            cancellation.ThrowIfCancellationRequested();
            text.Pay(warning.Message.Length);
        }
    }

    public IEnumerator<ReportWarning> GetEnumerator()
    {
        if (_mismatch is not null) yield return new(ArchitectureMismatch.Code, _mismatch.Message);
        foreach (var warning in _ofObject.All()) yield return warning;
        foreach (var call in _calls) yield return _ofObject.Of(call);
        foreach (var line in _lines.All)
        {
            if (_mismatch is not null && _mismatch.Records.Contains(line.Record)) continue; // one warning for all of them
            foreach (var warning in _ofRecords.Of(line)) yield return warning;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
