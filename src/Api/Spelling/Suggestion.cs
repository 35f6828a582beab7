namespace Relo.Api.Spelling;

/// <summary>Guesses which known word was meant by an unknown one: a parameter, a setting, a command.</summary>
internal static class Suggestion
{
    private const int LongestWord = 64, SharedStart = 4;

    /// <summary>The nearest known word; null where none is close.</summary>
    /// <param name="word">As it was written. Upper case, hyphens and underscores make no difference.</param>
    /// <param name="known">The known words; of equally near ones, the first wins.</param>
    public static string? For(string word, IEnumerable<string> known)
    {
        if (word.Length > LongestWord) return null;
        var plain = Plain(word);
        return known.Select(k => (Word: k, Distance: Between(plain, Plain(k)))).Where(k => k.Distance is not null).OrderBy(k => k.Distance)
            .FirstOrDefault().Word;
    }

    /// <summary>The end of a message: <c>; did you mean x?</c>, or nothing.</summary>
    public static string Question(string? meant) => meant is null ? "" : $"; did you mean {meant}?";

    private static string Plain(string word)
        => word.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);

    // Allows one slip for every three letters, at most three. A longer or shorter form counts as two slips: "distribution" for "distro",
    // "arch" for "architecture".
    private static int? Between(string word, string known)
    {
        var slips = Slips(word, known);
        if (slips <= Math.Min(3, Math.Max(1, Math.Min(word.Length, known.Length) / 3)) && slips < known.Length) return slips;
        var shared = word.Zip(known).TakeWhile(pair => pair.First == pair.Second).Count();
        return shared >= SharedStart && 3 * shared >= 2 * Math.Min(word.Length, known.Length) ? 2 : null;
    }

    // Counts missing, extra, wrong and transposed letters (optimal string alignment).
    private static int Slips(string a, string b)
    {
        var (before, last, next) = (new int[b.Length + 1], new int[b.Length + 1], new int[b.Length + 1]);
        for (var j = 0; j <= b.Length; j++) last[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            next[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                next[j] = Math.Min(Math.Min(next[j - 1], last[j]) + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) next[j] = Math.Min(next[j], before[j - 2] + 1);
            }

            (before, last, next) = (last, next, before);
        }

        return last[b.Length];
    }
}
