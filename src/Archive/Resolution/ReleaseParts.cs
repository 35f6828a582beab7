namespace Relo.Archive.Resolution;

/// <summary>
/// A release taken apart for comparing: <c>4.18.0-147.5.1.el8_1.aarch64</c> has the numbers 4 18 0 147 5 1 and the flavour <c>el8</c>,
/// <c>6.1.0-38-cloud-amd64</c> has 6 1 0 38 and <c>cloud</c>. The architecture is no part of the flavour.
/// </summary>
internal sealed record ReleaseParts(IReadOnlyList<ulong> Numbers, string Flavour)
{
    /// <summary>The version line, <c>5.4</c>; empty where the release begins with no two numbers.</summary>
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
            // No digits, or letters at once behind them (…-91.el7 ends before "el7", "-2amzn" is flavour as a whole).
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
        // el8_1, el8_2: minor releases of one flavour.
        return rest.IndexOf('_', StringComparison.Ordinal) is > 0 and var cut ? rest[..cut] : rest;
    }

    /// <summary>How far apart the numbers are, the most significant first; comparable with <see cref="CompareDistances"/>.</summary>
    public IReadOnlyList<ulong> DistanceTo(ReleaseParts other)
    {
        var distance = new ulong[Math.Max(Numbers.Count, other.Numbers.Count)];
        for (var i = 0; i < distance.Length; i++)
        {
            ulong mine = i < Numbers.Count ? Numbers[i] : 0, theirs = i < other.Numbers.Count ? other.Numbers[i] : 0;
            distance[i] = mine > theirs ? mine - theirs : theirs - mine;
        }

        return distance;
    }

    /// <summary>Compares two distances from one release.</summary>
    public static int CompareDistances(IReadOnlyList<ulong> left, IReadOnlyList<ulong> right)
    {
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            var order = (i < left.Count ? left[i] : 0).CompareTo(i < right.Count ? right[i] : 0);
            if (order != 0) return order;
        }

        return 0;
    }
}
