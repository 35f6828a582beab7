namespace Relo.Archive.Layouts;

/// <summary>Finds which layout of some names each set has, in one pass over its ranges.</summary>
internal sealed class SetSearch
{
    /// <summary>The set has no layout of the name.</summary>
    public const int None = -1;

    private readonly IReadOnlyDictionary<int, LayoutSet> _sets;
    private readonly (int Number, int Name)[] _wanted; // ascending
    private readonly int _names;
    private readonly Dictionary<int, int[]> _bases = [];

    /// <param name="sets">The sets.</param>
    /// <param name="numbers">The numbers.</param>
    /// <param name="keys">The names.</param>
    public SetSearch(IReadOnlyDictionary<int, LayoutSet> sets, LayoutNumbers numbers, IReadOnlyList<ulong> keys)
    {
        (_sets, _names) = (sets, keys.Count);
        _wanted = [.. keys.SelectMany((key, name) => numbers.Of(key).Select(number => (number, name)))];
        Array.Sort(_wanted);
    }

    /// <summary>For each name the number of its layout, or <see cref="None"/>.</summary>
    public int[] Of(LayoutSet set)
    {
        if (set.BaseId is not { } baseId) return OfBase(set);
        var found = (int[])OfBase(_sets[baseId]).Clone();
        Mark(found, set.Lacks.Span, isThere: false);
        Mark(found, set.Has.Span, isThere: true);
        return found;
    }

    private int[] OfBase(LayoutSet set)
    {
        if (_bases.TryGetValue(set.Id, out var found)) return found;
        found = new int[_names];
        Array.Fill(found, None);
        Mark(found, set.Has.Span, isThere: true);
        _bases.Add(set.Id, found);
        return found;
    }

    private void Mark(int[] found, ReadOnlySpan<byte> ranges, bool isThere)
    {
        var at = 0;
        for (var next = 0; at < _wanted.Length && Ranges.TryNext(ref ranges, ref next, out var start);)
        {
            while (at < _wanted.Length && _wanted[at].Number < start) at++;
            for (; at < _wanted.Length && _wanted[at].Number < next; at++)
            {
                var (number, name) = _wanted[at];
                if (isThere) found[name] = number;
                else if (found[name] == number) found[name] = None;
            }
        }
    }
}
