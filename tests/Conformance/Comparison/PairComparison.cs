using Relo.Conformance.Oracle;
using Relo.Core;
using Relo.Core.Bpf;
using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Conformance.Comparison;

/// <summary>
/// Judges our relocation by libbpf's. Relocated: the whole file is compared with the original in which libbpf's
/// instructions stand behind their records and the records' header fields are 0, so every byte counts. Refused: by both, and for
/// the same record.
/// </summary>
public static class PairComparison
{
    /// <param name="file">The object, read apart from Core.</param>
    /// <param name="bpf">The object, read by Core.</param>
    /// <param name="theirs">What libbpf did.</param>
    /// <param name="ours">What we did.</param>
    /// <param name="retell">Asks libbpf again, for its whole log; called when something differs.</param>
    public static PairResult Compare(ObjectFile file, BpfObject bpf, OracleAnswer theirs, RelocationOutcome ours,
        Func<OracleAnswer> retell) => (theirs.Outcome, ours) switch
        {
            (OracleOutcome.OpenFailed, _) => PairResult.Unjudged($"libbpf does not open it: {LastLine(theirs)}"),
            (OracleOutcome.NotReached, _) => PairResult.Unjudged($"libbpf stopped before the records: {LastLine(theirs)}"),
            (OracleOutcome.Died, _) => PairResult.Unjudged(theirs.Log[0]),
            (OracleOutcome.Relocated, Relocated relocated) => Instructions(file, bpf, theirs, relocated, retell),
            (OracleOutcome.Failed, RelocationFailed failed) => Refusal(file, theirs, failed),
            (OracleOutcome.Relocated, RelocationFailed failed) when Explains(file, theirs, failed) => new(true, true, 0, 0, 1, []),
            (OracleOutcome.Relocated, RelocationFailed failed) =>
                PairResult.Wrong("libbpf relocates it, we refuse it", [$"ours: {failed}"], file.Records[failed.Index]),
            (OracleOutcome.Failed, Relocated) => PairResult.Wrong($"libbpf refuses it ({theirs.Error}), we relocate it", [.. theirs.Log]),
            _ => throw new InvalidOperationException($"{theirs.Outcome} and {ours} are no pair"),
        };

    private static string LastLine(OracleAnswer answer) => answer.Log.Count == 0 ? $"errno {-answer.Error}" : answer.Log[^1];

    private static bool Explains(ObjectFile file, OracleAnswer theirs, RelocationFailed failed)
    {
        var record = file.Records[failed.Index];
        return KnownExceptions.ExplainRefusal(
            record, OpcodeAt(file, theirs, record), theirs.Instructions.GetValueOrDefault(record.InBtfExt)) is not null;
    }

    // An earlier record of the same instruction may have poisoned it.
    private static byte? OpcodeAt(ObjectFile file, OracleAnswer theirs, RecordPlace record)
    {
        var earlier = file.Records.LastOrDefault(other => other.Index < record.Index && other.InFile == record.InFile);
        return earlier is not null && theirs.Instructions.TryGetValue(earlier.InBtfExt, out var left) ? left[0] : file.OpcodeAt(record);
    }

    private static PairResult Refusal(ObjectFile file, OracleAnswer theirs, RelocationFailed failed)
    {
        var record = file.Records[failed.Index];
        if (theirs.FailedRecord is { } expected && expected != record.InBtfExt && !Explains(file, theirs, failed))
            return PairResult.Wrong("both refuse it, for different records",
                [$"ours: {failed}", $"libbpf: record at {expected} of .BTF.ext", .. theirs.Log], record);
        return new(true, true, failed.Index + 1, 0, 0, []);
    }

    private static PairResult Instructions(ObjectFile file, BpfObject bpf, OracleAnswer theirs, Relocated ours, Func<OracleAnswer> retell)
    {
        var expected = file.With(theirs.Instructions);
        var poisoned = theirs.Instructions.Values.Count(IsPoison);
        if (ours.PatchedBytes.Span.SequenceEqual(expected)) return new(true, false, file.Records.Count, poisoned, 0, []);

        var differences = new List<Difference>();
        var actual = ours.PatchedBytes.Span;
        if (actual.Length != expected.Length)
            return PairResult.Wrong($"the result has {actual.Length} bytes, the object {expected.Length}", []);
        var report = ReportBuilder.Build(bpf, ours, TestContext.Current.CancellationToken);
        var log = retell().Log;
        foreach (var record in file.Records)
        {
            if (record.InFile is not { } at || !theirs.Instructions.TryGetValue(record.InBtfExt, out var instruction)) continue;
            var mine = actual.Slice(at, instruction.Length);
            var wanted = expected.AsSpan(at, instruction.Length);
            if (mine.SequenceEqual(wanted)) continue;
            differences.Add(Explain(record, report.Relocations.FirstOrDefault(entry => entry.Index == record.Index), mine, wanted, log));
            mine.CopyTo(wanted); // told; what still differs afterwards is no record's
        }
        if (!actual.SequenceEqual(expected))
        {
            var at = actual.CommonPrefixLength(expected);
            differences.Add(
                new($"byte 0x{at:x} of the file is {actual[at]:x2}, expected {expected[at]:x2}: no record's instruction", null, []));
        }
        return new(true, false, file.Records.Count, poisoned, 0, differences);
    }

    private static Difference Explain(
        RecordPlace record, RelocationEntry? entry, ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs, IReadOnlyList<string> log) => new(
        $"record {record.Index} ({record.Section}+{record.InSection}, kind {record.Kind}, access {record.Access}) differs",
        record,
        [
            $"local      {entry?.Local}",
            $"target     {entry?.Target ?? "none"} ({entry?.Reason ?? "found"})",
            $"candidates {string.Join(", ", entry?.Candidates ?? [])}",
            $"before     {entry?.Before}",
            $"ours       {Text(ours)}",
            $"libbpf     {Text(theirs)}",
            .. log.Where(line => line.Contains($"'{entry?.Program}': relo #{record.InGroup}:", StringComparison.Ordinal)),
        ]);

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        var first = Instruction.Read(bytes, bigEndian: false);
        var second = bytes.Length < 2 * Instruction.Size ? default : Instruction.Read(bytes[Instruction.Size..], bigEndian: false);
        return $"{Convert.ToHexStringLower(bytes)}  {(IsPoison(bytes.ToArray()) ? "poison" : Disassembler.Format(first, second))}";
    }

    private static bool IsPoison(byte[] bytes) => bytes[0] == 0x85 && BitConverter.ToUInt32(bytes, 4) == 0x0bad2310;
}
