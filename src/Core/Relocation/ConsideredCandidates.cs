using System.Collections;

namespace Relo.Core.Relocation;

/// <summary>The candidates of an access, in order, and whether each matched: a view of the list that was searched, not a copy.</summary>
internal sealed class ConsideredCandidates(Candidate[] searched) : IReadOnlyList<(Candidate Candidate, bool Matched)>
{
    /// <summary>The maximum that the report shows: a BTF that was not deduplicated has hundreds of one name.</summary>
    private const int Most = 16;

    private uint _matched;

    public int Count => Math.Min(searched.Length, Most);

    public (Candidate Candidate, bool Matched) this[int index] => (searched[index], (_matched & (1u << index)) != 0);

    /// <summary>Records that the candidate at <paramref name="index"/> matched.</summary>
    public void Add(int index)
    {
        if (index < Most) _matched |= 1u << index;
    }

    public IEnumerator<(Candidate Candidate, bool Matched)> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
