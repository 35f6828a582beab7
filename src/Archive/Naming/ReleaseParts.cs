namespace Relo.Archive.Naming;

/// <summary>
/// A release split for comparison: <c>4.18.0-147.5.1.el8_1.aarch64</c> has the numbers 4 18 0 147 5 1 and the flavour <c>el8</c>,
/// <c>6.1.0-38-cloud-amd64</c> has 6 1 0 38 and <c>cloud</c>. The flavour excludes the architecture.
/// </summary>
internal sealed record ReleaseParts(IReadOnlyList<ulong> Numbers, string Flavour)
{
    /// <summary>The version line, <c>5.4</c>; empty if the release does not begin with two numbers.</summary>
    public string Line { get; } = Numbers.Count < 2 ? "" : $"{Numbers[0]}.{Numbers[1]}";

    public static ReleaseParts Read(string release)
    {
        var numbers = new List<ulong>();
        var at = 0;
        while (at < release.Length)
        {
            var start = numbers.Count == 0 ? at : at + 1;
            if (numbers.Count > 0 && release[at] is not ('.' or '-')) break;
            var end = start;
            while (end < release.Length && char.IsAsciiDigit(release[end])) end++;
            // No digits, or letters right after them: …-91.el7 stops before "el7", and all of "-2amzn" is flavour.
            if (end == start || (end < release.Length && char.IsAsciiLetter(release[end]))) break;
            numbers.Add(ulong.TryParse(release.AsSpan(start, end - start), out var number) ? number : ulong.MaxValue);
            at = end;
        }

        return new(numbers, FlavourOf(release[at..]));
    }

    private static string FlavourOf(string rest)
    {
        for (var i = rest.Length - 1; i >= 0; i--)
        {
            if (rest[i] is not ('.' or '-' or '+') || !KernelName.IsArch(rest[(i + 1)..])) continue;
            rest = rest[..i];
            break;
        }

        rest = rest.Trim('.', '-', '+', '_', '~');
        // el8_1 and el8_2 are minor releases of one flavour.
        return rest.IndexOf('_', StringComparison.Ordinal) is > 0 and var cut ? rest[..cut] : rest;
    }

    /// <summary>
    /// Compares the distances of two releases from this one, most significant number first; negative if <paramref name="left"/> is nearer.
    /// </summary>
    public int CompareDistances(ReleaseParts left, ReleaseParts right)
    {
        for (var i = 0; i < Math.Max(Numbers.Count, Math.Max(left.Numbers.Count, right.Numbers.Count)); i++)
        {
            var order = Distance(left, i).CompareTo(Distance(right, i));
            if (order != 0) return order;
        }

        return 0;
    }

    /// <summary>Negative if this release is older by its numbers; a missing number counts as 0.</summary>
    public int CompareAge(ReleaseParts other)
    {
        for (var i = 0; i < Math.Max(Numbers.Count, other.Numbers.Count); i++)
        {
            var order = At(i).CompareTo(other.At(i));
            if (order != 0) return order;
        }

        return 0;
    }

    private ulong Distance(ReleaseParts other, int i) => At(i) > other.At(i) ? At(i) - other.At(i) : other.At(i) - At(i);

    private ulong At(int i) => i < Numbers.Count ? Numbers[i] : 0;
}
