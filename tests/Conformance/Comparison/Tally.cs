using System.Globalization;
using System.Text;

namespace Relo.Conformance.Comparison;

/// <summary>Counts of one row of the summary.</summary>
public sealed class Tally
{
    public int Pairs { get; private set; }
    public int Refused { get; private set; }
    public int Unjudged { get; private set; }
    public long Records { get; private set; }
    public long Poisoned { get; private set; }
    public int Excepted { get; private set; }
    public int Mismatches { get; private set; }

    public void Add(PairResult result)
    {
        if (!result.Judged)
        {
            Unjudged++;
            return;
        }
        Pairs++;
        Records += result.Records;
        Poisoned += result.Poisoned;
        Excepted += result.Excepted;
        Mismatches += result.Differences.Count;
        if (result.Refused) Refused++;
    }

    public void Add(Tally other)
    {
        Pairs += other.Pairs;
        Refused += other.Refused;
        Unjudged += other.Unjudged;
        Records += other.Records;
        Poisoned += other.Poisoned;
        Excepted += other.Excepted;
        Mismatches += other.Mismatches;
    }

    public const string Header =
        "pairs | records | poisoned by both | refused by both | libbpf 1.1 is older | not opened by libbpf | mismatches";

    public override string ToString() =>
        string.Join(" | ",
            new[] { Pairs, Records, Poisoned, Refused, Excepted, Unjudged, Mismatches }
                .Select(n => n.ToString("N0", CultureInfo.InvariantCulture)));
}

/// <summary>The summary of the run, tests/output/conformance.md: sections in order of title, rewritten with each.</summary>
public static class Summary
{
    private static readonly Lock Gate = new();
    private static readonly SortedDictionary<string, string> Sections = new(StringComparer.Ordinal);

    /// <param name="order">Where the section goes, and its file-wide unique key.</param>
    /// <param name="text">Markdown.</param>
    public static void Put(string order, string text)
    {
        lock (Gate)
        {
            Sections[order] = text;
            var folder = Path.Combine(Corpus.Cache.Repository, "tests", "output");
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "conformance.md"), string.Join('\n', Sections.Values));
        }
    }

    /// <summary>A table with a row per key and a sum.</summary>
    public static string Table(string columns, IEnumerable<(string Key, Tally Tally)> rows)
    {
        var width = columns.Count(c => c == '|') + 1;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| {columns} | {Tally.Header} |");
        text.AppendLine(string.Concat(Enumerable.Repeat("|---", width))
            + string.Concat(Enumerable.Repeat("|--:", Tally.Header.Count(c => c == '|') + 1)) + "|");
        var sum = new Tally();
        foreach (var (key, tally) in rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {key} | {tally} |");
            sum.Add(tally);
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"| **all**{string.Concat(Enumerable.Repeat(" |", width - 1))} | {sum} |");
        return text.ToString();
    }
}
