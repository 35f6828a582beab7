using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>A kernel type that a local type may stand for.</summary>
/// <param name="Types">The BTF it is in.</param>
/// <param name="Id">Its id there.</param>
public readonly record struct Candidate(BtfTypes Types, uint Id);

/// <summary>
/// The candidates of one local type, shared by all records about it in the whole object. A record that matches some of them
/// drops the others for all records to come (bpf_core_calc_relo_insn: <c>if (j &gt; 0) cands-&gt;len = j</c>), so results depend on
/// the order of records.
/// </summary>
internal sealed class CandidateList(Candidate[] items)
{
    private readonly Candidate[] _items = items;

    public int Count { get; private set; } = items.Length;

    /// <summary>Changes whenever candidates were dropped: what was computed before may be different now.</summary>
    public int Version { get; private set; }

    public ReadOnlySpan<Candidate> Items => _items.AsSpan(0, Count);

    /// <summary>Keeps those of <paramref name="matched"/>, indices ascending; none matched, none dropped.</summary>
    public void Prune(List<int> matched)
    {
        if (matched.Count == 0 || matched.Count == Count) return;
        for (var i = 0; i < matched.Count; i++) _items[i] = _items[matched[i]];
        Count = matched.Count;
        Version++;
    }
}

/// <summary>Searches a kernel's types for candidates (bpf_core_find_cands, bpf_core_add_cands of libbpf).</summary>
internal static class Candidates
{
    /// <summary>
    /// All types of <paramref name="target"/> of compatible kind whose essential name is that of local type <paramref name="localId"/>, in id
    /// order; null when the local type has no name, which libbpf refuses.
    /// </summary>
    public static CandidateList? Find(BtfTypes local, uint localId, BtfTypes target)
    {
        var type = local[localId];
        var name = EssentialName.Of(local.Name(type.NameOffset));
        if (name.IsEmpty) return null;
        var found = new List<Candidate>();
        if (NameIndex.Covers(type.Kind))
        {
            foreach (var id in target.Index.Bucket(name)) Consider(target, id, type.Kind, name, found);
        }
        else
        {
            for (var id = target.FirstId; id < (uint)target.Count; id++) Consider(target, id, type.Kind, name, found);
        }
        return new([.. found]);
    }

    private static void Consider(BtfTypes target, uint id, BtfKind kind, ReadOnlySpan<byte> name, List<Candidate> found)
    {
        var type = target[id];
        if (type.Kind.IsCoreCompatible(kind) && target.EssentialNameEquals(type.NameOffset, name)) found.Add(new(target, id));
    }
}
