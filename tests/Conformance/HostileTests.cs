using System.Diagnostics;
using System.Globalization;
using Relo.Conformance.Comparison;
using Relo.Conformance.Generated;
using Relo.Conformance.Oracle;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.Bytes;
using Relo.Core.Objects;

namespace Relo.Conformance;

/// <summary>Hostile objects and kernels: libbpf may crash or hang on them, we may not; if it has a result, ours is the same.</summary>
public sealed class HostileTests
{
    private const int Damaged = 3000, BtfHeader = 24;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static TheoryData<string> Ideas => [.. HostilePairs.Names];

    [Theory]
    [MemberData(nameof(Ideas))]
    public void Hostile_pair_ends_as_with_libbpf_or_with_an_error(string idea)
    {
        using var folder = new TemporaryFolder();
        using var oracle = new LibbpfOracle(secondsPerPair: 2);
        var (theirs, ours, result) = Compare(HostilePairs.Make(idea), folder, oracle);
        Assert.True(result is null || result.Differences.Count == 0, string.Join('\n', result?.Differences ?? []));
        if (theirs.Outcome is OracleOutcome.Died) Assert.IsNotType<Relocated>(ours);
    }

    /// <summary>
    /// Made-up pairs with a few bytes changed in the types or the records. libbpf 1.1 checks little of BTF, so where we refuse the bytes
    /// as malformed it is not asked; where we read them, the answers are compared.
    /// </summary>
    [Fact]
    public void Damaged_bytes_end_in_an_answer_or_an_error()
    {
        using var folder = new TemporaryFolder();
        using var oracle = new LibbpfOracle(secondsPerPair: 2);
        var (malformed, judged, died) = (0, 0, 0);
        var wrong = new List<string>();
        for (var seed = 0; seed < Damaged; seed++)
        {
            var random = new Random(seed);
            var pair = GeneratedPair.Of(1_000_000 + seed);
            Damage(random, pair.Target.AsSpan(BtfHeader));
            // .BTF and .BTF.ext stand one behind the other, before the section table.
            if (random.Next(2) == 0)
                Damage(random,
                    pair.Object.AsSpan()[(pair.Object.AsSpan().IndexOf<byte>([0x9f, 0xeb, 1, 0]) + BtfHeader)..BitConverter.ToInt32(
                        pair.Object, 40)]);
            var (theirs, ours, result) = Compare(pair, folder, oracle);
            if (ours is null) malformed++;
            else if (theirs.Outcome is OracleOutcome.Died) died++;
            else if (result is { Judged: true }) judged++;
            if (result is not null) wrong.AddRange(result.Differences.Select(difference => $"seed {seed}: {difference}"));
        }
        Summary.Put("4 hostile",
            string.Create(CultureInfo.InvariantCulture,
                $"### Hostile bytes\n\n{HostilePairs.Names.Count()} ideas; {Damaged:N0} damaged pairs: {malformed:N0} refused as "
                    + $"malformed, {judged:N0} judged by libbpf, {died:N0} that libbpf did not survive, {wrong.Count} mismatches\n"));
        Assert.True(wrong.Count == 0, $"{wrong.Count} differences, the first of them:\n{string.Join('\n', wrong.Take(10))}");
        Assert.True(judged > Damaged / 20 && malformed > Damaged / 20,
            $"{judged} judged, {malformed} malformed of {Damaged}: the damage is too small or too large to test anything");
    }

    /// <summary>libbpf's result, ours (null: malformed), and the comparison if both have one.</summary>
    private static (OracleAnswer Theirs, RelocationOutcome? Ours, PairResult? Result) Compare(
        GeneratedPair pair, TemporaryFolder folder, LibbpfOracle oracle)
    {
        var clock = Stopwatch.StartNew();
        RelocationOutcome? ours = null;
        BpfObject? bpf = null;
        try
        {
            bpf = BpfObject.Read(pair.Object);
            ours = Relocator.Relocate(bpf, BtfReader.Read(pair.Target));
        }
        catch (MalformedObjectException malformed)
        {
            Assert.NotEmpty(malformed.Message);
        }
        Assert.True(clock.Elapsed < Patience, $"took {clock.Elapsed}");
        if (ours is null) return (new(OracleOutcome.NotReached, 0, new Dictionary<int, byte[]>(), null, []), null, null);
        var (bpfPath, kernelPath) = (folder.Write("o", pair.Object), folder.Write("btf", pair.Target));
        var theirs = oracle.Ask(bpfPath, kernelPath);
        return (theirs, ours,
            PairComparison.Compare(new ObjectFile(pair.Object), bpf!, theirs, ours, () => oracle.Ask(bpfPath, kernelPath, verbose: true)));
    }

    private static void Damage(Random random, Span<byte> bytes)
    {
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Length);
            bytes[at] = random.Next(
                3) switch
            { 0 => (byte)random.Next(256), 1 => (byte)(bytes[at] + 1), _ => (byte)(bytes[at] ^ (1 << random.Next(8))) };
        }
    }
}
