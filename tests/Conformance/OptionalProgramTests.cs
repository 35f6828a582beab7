using Relo.Conformance.Comparison;
using Relo.Conformance.Generated;
using Relo.Conformance.Oracle;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.Objects;

namespace Relo.Conformance;

/// <summary>
/// Optional programs (<c>SEC("?…")</c>) by libbpf's own autoload setting: the others come out as libbpf makes them by default, and
/// each optional one as libbpf makes it when it is loaded alone.
/// </summary>
public sealed class OptionalProgramTests
{
    private const int Pairs = 1500;

    [Fact]
    public void Programs_come_out_as_libbpf_makes_them_by_its_own_autoload_setting()
    {
        using var folder = new TemporaryFolder();
        using var oracle = new LibbpfOracle(secondsPerPair: 10);
        var (wrong, compared, refused) = (new List<string>(), 0, 0);
        for (var seed = 0; seed < Pairs; seed++)
        {
            var pair = GeneratedPair.WithOptionalPrograms(seed);
            var (objectPath, targetPath) = (folder.Write("o", pair.Object), folder.Write("btf", pair.Target));
            var (file, bpf) = (new ObjectFile(pair.Object), BpfObject.Read(pair.Object));
            var ours = Relocator.Relocate(bpf, BtfReader.Read(pair.Target), cancellation: TestContext.Current.CancellationToken);

            var byDefault = oracle.Ask(objectPath, targetPath, autoload: Autoload.Default);
            if (ours is not Relocated relocated)
            {
                var isWrong = byDefault.Outcome == OracleOutcome.Relocated && !Explains(file, byDefault, ((RelocationFailed)ours).Index);
                if (isWrong) wrong.Add($"seed {seed}: libbpf relocates it, we refuse it: {ours}");
                continue;
            }
            wrong.AddRange(
                Compare(file, relocated, byDefault, program => !program.IsOptional).Select(text => $"seed {seed}, by default: {text}"));
            for (var i = 0; i < bpf.Programs.Length; i++)
            {
                if (!bpf.Programs[i].IsOptional) continue;
                var alone = oracle.Ask(objectPath, targetPath, autoload: Autoload.Only(i));
                wrong.AddRange(Compare(file, relocated, alone, program => ReferenceEquals(program, bpf.Programs[i]))
                    .Select(text => $"seed {seed}, {bpf.Programs[i].Name} alone: {text}"));
                if (alone.Outcome == OracleOutcome.Failed) refused++;
                else compared += alone.Instructions.Count;
            }
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} differences, the first of them:\n{string.Join('\n', wrong.Take(10))}");
        Assert.True(compared > Pairs && refused > Pairs / 50,
            $"{compared} records of optional programs and {refused} refused programs are too few");
    }

    private static IEnumerable<string> Compare(ObjectFile file, Relocated ours, OracleAnswer theirs, Func<BpfProgram, bool> isOne)
    {
        var fixups = ours.Fixups.Where(fixup => isOne(fixup.Record.Program!)).ToList();
        if (theirs.Outcome == OracleOutcome.Failed)
        {
            if (!fixups.Exists(fixup => fixup.IsRefused)) yield return $"libbpf refuses it ({theirs.Error}), we relocate it";
            yield break;
        }
        if (theirs.Outcome != OracleOutcome.Relocated) yield return $"libbpf did not relocate it: {theirs.Outcome}";
        foreach (var fixup in fixups)
        {
            var record = file.Records[fixup.Record.Index];
            if (Explains(file, theirs, record.Index)) continue;
            if (!theirs.Instructions.TryGetValue(record.InBtfExt, out var wanted)) yield return $"libbpf skips record {record.Index}";
            else if (!ours.PatchedBytes.Span.Slice(record.InFile!.Value, wanted.Length).SequenceEqual(wanted))
                yield return $"record {record.Index} differs";
        }
        if (theirs.Instructions.Count != fixups.Count)
            yield return $"libbpf relocates {theirs.Instructions.Count} records, {fixups.Count} are expected";
    }

    private static bool Explains(ObjectFile file, OracleAnswer theirs, int index)
    {
        var record = file.Records[index];
        return KnownExceptions.ExplainRefusal(
            record, file.OpcodeAt(record), theirs.Instructions.GetValueOrDefault(record.InBtfExt)) is not null;
    }
}
