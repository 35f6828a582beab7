using System.Globalization;
using Relo.Conformance.Comparison;
using Relo.Conformance.Corpus;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.Objects;

namespace Relo.Conformance;

/// <summary>
/// Big-endian objects, which Debian's libbpf does not open. The same source compiled for the other byte order asks the same
/// questions, so the answers are those of the little-endian twin, which libbpf has confirmed; they are put into the
/// object's bytes here, and the whole file is compared. Only left shifts depend on the byte order, by a rule.
/// </summary>
public sealed class TwinTests
{
    private const uint ByteSize = 1, LshiftU64 = 4, RshiftU64 = 5, TypeIdLocal = 6;

    [Fact]
    public void Big_endian_objects_get_the_answers_of_their_little_endian_twins()
    {
        var twins = CorpusObject.Twins()
            .Select(twin => (twin.Big, File: new ObjectFile(twin.Big.Bytes), Bpf: BpfObject.Read(twin.Big.Bytes),
                Little: BpfObject.Read(twin.Little.Bytes))).ToArray();
        Assert.SkipWhen(twins.Length == 0, "no clang has made big-endian objects here");
        var (pairs, records) = (0, 0);
        var wrong = new List<string>();
        foreach (var kernel in Kernel.All)
        {
            var types = BtfReader.Read(File.ReadAllBytes(kernel.Path));
            foreach (var (big, file, bpf, littleBpf) in twins)
            {
                pairs++;
                switch (Relocate(bpf, types), Relocate(littleBpf, types))
                {
                    case (Relocated ours, Relocated little):
                        records += ours.Fixups.Count;
                        if (Explain(file, bpf, ours, littleBpf, little) is { } difference)
                            wrong.Add($"{big.Name} for {kernel.Id}: {difference}");
                        break;
                    case (RelocationFailed ours, RelocationFailed little) when ours.Index == little.Index: break;
                    case var (ours, little): wrong.Add($"{big.Name} for {kernel.Id}: {ours} but the twin {little}"); break;
                }
            }
        }
        Summary.Put("3 twins",
            string.Create(CultureInfo.InvariantCulture,
                $"### Big-endian objects against their little-endian twins\n\n{twins.Length} objects, {pairs:N0} pairs, {records:N0} "
                    + $"records, {wrong.Count} mismatches\n"));
        Assert.True(wrong.Count == 0, $"{wrong.Count} differences, the first of them:\n{string.Join('\n', wrong.Take(20))}");
        Assert.True(records > pairs, $"only {records} records in {pairs} pairs");
    }

    private static RelocationOutcome Relocate(BpfObject bpf, BtfTypes types) =>
        Relocator.Relocate(bpf, types, cancellation: TestContext.Current.CancellationToken);

    /// <summary>
    /// The access of a record, independent of the byte order: bit-field macros emit the same accesses in another order and number.
    /// </summary>
    private sealed record Question(uint Kind, string Root, string Access, int InstructionClass)
    {
        public static Question Of(BpfObject bpf, Fixup fixup)
        {
            var relo = fixup.Record.Relo;
            return new((uint)relo.Kind, bpf.Types.NameText(bpf.Types[relo.TypeId].NameOffset), bpf.Types.NameText(relo.AccessOffset),
                fixup.Change.Before.First.Code & 7);
        }
    }

    /// <summary>
    /// How far to shift left on a big-endian machine, from what libbpf answers for the twin:
    /// <c>(8 - size) * 8 + first bit</c>, where little-endian <c>lshift = 64 - (first bit + bits)</c> and <c>rshift = 64 - bits</c>.
    /// </summary>
    private static long Lshift(Dictionary<Question, Fixup> answers, Question question)
    {
        long Answer(uint kind) =>
            unchecked((long)answers.First(answer => answer.Key.Kind == kind && answer.Key.Root == question.Root
                && answer.Key.Access == question.Access).Value.Resolution.TargetValue);
        return (8 - Answer(ByteSize)) * 8 + Answer(RshiftU64) - Answer(LshiftU64);
    }

    /// <summary>The difference from the object with the twin's values, or null.</summary>
    private static string? Explain(ObjectFile file, BpfObject bpf, Relocated ours, BpfObject littleBpf, Relocated little)
    {
        var answers = little.Fixups.GroupBy(fixup => Question.Of(littleBpf, fixup))
            .ToDictionary(group => group.Key, group => group.First());
        var places = file.Records.ToDictionary(record => record.Index);
        var original = bpf.Bytes.Span;
        var expected = new Dictionary<int, byte[]>();
        foreach (var mine in ours.Fixups)
        {
            var place = places[mine.Record.Index];
            if (!answers.TryGetValue(Question.Of(bpf, mine), out var twin))
                return $"record {place.Index} asks what the twin does not: {Question.Of(bpf, mine)}";
            var at = place.InFile!.Value;
            // An id of the object's own stays what it was.
            expected[place.InBtfExt] = place.Kind is TypeIdLocal
                ? original.Slice(at, BigEndianInstruction.SizeAt(original, at)).ToArray()
                : BigEndianInstruction.With(original, at, twin, place.Kind is LshiftU64 && !twin.IsPoisoned
                    ? Lshift(answers, Question.Of(bpf, mine))
                    : unchecked((long)twin.Resolution.TargetValue));
        }
        var wanted = file.With(expected);
        var actual = ours.PatchedBytes.Span;
        if (actual.SequenceEqual(wanted)) return null;
        var first = actual.CommonPrefixLength(wanted);
        var record = file.Records.FirstOrDefault(record => record.InFile <= first && first - record.InFile < 8);
        return $"byte 0x{first:x} is {actual[first]:x2}, expected {wanted[first]:x2}, {(record is null ? "no record's" : $"of record {record.Index}, kind {record.Kind}, access {record.Access}")}";
    }
}
