using System.Globalization;
using System.Text;
using Relo.Conformance.Comparison;
using Relo.Conformance.Generated;
using Relo.Conformance.Oracle;
using Relo.Core;
using Relo.Core.Btf;
using Relo.Core.Objects;

namespace Relo.Conformance;

/// <summary>
/// Made-up objects against made-up kernels: the rules that no real kernel exercises (pruning, ambiguity, bit-fields that grow,
/// widths that change, names that collide). A failure names its seed; <see cref="GeneratedPair.Of"/> makes it again.
/// </summary>
public sealed class GeneratedTests
{
    private const int PairsPerBlock = 1500;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Made_up_types_are_relocated_as_libbpf_does(int block)
    {
        using var folder = new TemporaryFolder();
        using var oracle = new LibbpfOracle(secondsPerPair: 10);
        var tally = new Tally();
        var wrong = new List<string>();
        for (var seed = block * PairsPerBlock; seed < (block + 1) * PairsPerBlock; seed++)
        {
            var result = Compare(GeneratedPair.Of(seed), folder, oracle);
            tally.Add(result);
            wrong.AddRange(result.Differences.Select(difference => $"seed {seed}: {difference}"));
            if (!result.Judged) wrong.Add($"seed {seed}: {result.Reason}");
        }
        Tallies.Add(block, tally);
        Assert.True(wrong.Count == 0, $"{wrong.Count} differences, the first of them:\n{string.Join('\n', wrong.Take(10))}");
        // The generator must produce both refused and accepted pairs.
        Assert.InRange(tally.Refused, PairsPerBlock / 50, PairsPerBlock * 3 / 4);
        Assert.True(tally.Poisoned > PairsPerBlock / 10, $"only {tally.Poisoned} poisoned records");
    }

    private static PairResult Compare(GeneratedPair pair, TemporaryFolder folder, LibbpfOracle oracle)
    {
        var (bpfPath, kernelPath) = (folder.Write("o", pair.Object), folder.Write("btf", pair.Target));
        var theirs = oracle.Ask(bpfPath, kernelPath);
        var bpf = BpfObject.Read(pair.Object);
        return PairComparison.Compare(new ObjectFile(pair.Object), bpf, theirs, Relocator.Relocate(bpf, BtfReader.Read(pair.Target)),
            () => oracle.Ask(bpfPath, kernelPath, verbose: true));
    }

    /// <summary>The blocks' counts, written as they come.</summary>
    private static class Tallies
    {
        private static readonly Lock Gate = new();
        private static readonly SortedDictionary<int, Tally> Blocks = [];

        public static void Add(int block, Tally tally)
        {
            lock (Gate)
            {
                Blocks[block] = tally;
                var text = new StringBuilder("### Made-up types against Debian's libbpf\n\n");
                text.Append(Summary.Table("seeds",
                    Blocks.Select(row =>
                        (string.Create(CultureInfo.InvariantCulture,
                            $"{row.Key * PairsPerBlock:N0}–{(row.Key + 1) * PairsPerBlock - 1:N0}"), row.Value))));
                Summary.Put("2 made-up", text.ToString());
            }
        }
    }
}
