namespace Relo.Core.Relocation;

/// <summary>
/// The candidates of one local type, shared by all records about it in the whole object. A record that matches some of them
/// drops the others for all later records (bpf_core_calc_relo_insn: <c>if (j &gt; 0) cands-&gt;len = j</c>), so results depend on
/// the order of records.
/// </summary>
internal sealed class CandidateList(Candidate[] found)
{
    private Candidate[] _items = found;

    /// <summary>Changes when candidates are dropped: earlier results may then be invalid.</summary>
    public int Version { get; private set; }

    /// <summary>The remaining candidates. The array is never written to.</summary>
    public Candidate[] Items => _items;

    /// <summary>Whether a record that matches <paramref name="matched"/> drops any; a record without a match drops none.</summary>
    public bool IsPrunedBy(List<int> matched) => matched.Count > 0 && matched.Count < _items.Length;

    /// <summary>Keeps only the candidates at the indices <paramref name="matched"/>, which are ascending.</summary>
    public void Prune(List<int> matched)
    {
        // The array is shared with other local types of the name, so it is not written to.
        var kept = new Candidate[matched.Count];
        for (var i = 0; i < kept.Length; i++) kept[i] = _items[matched[i]];
        _items = kept;
        Version++;
    }
}
