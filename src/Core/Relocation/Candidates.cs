using Relo.Core.Btf;

namespace Relo.Core.Relocation;

/// <summary>A kernel type that a local type may stand for.</summary>
/// <param name="Types">The BTF it is in.</param>
/// <param name="Id">Its id there.</param>
public readonly record struct Candidate(BtfTypes Types, uint Id);

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

/// <summary>Searches a kernel's types for candidates (bpf_core_find_cands, bpf_core_add_cands of libbpf).</summary>
/// <param name="local">The object's types.</param>
/// <param name="kernel">The kernel's types; each module is opened when it may have a wanted name.</param>
/// <param name="work">Its budget.</param>
internal sealed class CandidateSearch(BtfTypes local, KernelTypes kernel, WorkBudget work)
{
    private readonly Dictionary<uint, Candidate[]> _found = new(new SameQuestion(local));
    private ModuleTypes[]? _modules;

    /// <summary>The modules that were searched; none while the kernel had candidates for everything.</summary>
    public IReadOnlyList<ModuleTypes> Searched => _modules ?? [];

    /// <summary>
    /// All types of the kernel of compatible kind whose essential name is that of local type <paramref name="localId"/>, in id order.
    /// Null if the local type has no name, which libbpf refuses.
    /// </summary>
    public CandidateList? Find(uint localId)
    {
        var type = local[localId];
        var name = work.EssentialNameOf(local, type.NameOffset);
        if (name.IsEmpty) return null;
        if (!_found.TryGetValue(localId, out var found)) _found.Add(localId, found = Search(name, type.Kind));
        return new(found);
    }

    /// <summary>All candidates found, once for each name and kind.</summary>
    public IEnumerable<Candidate> Found => _found.Values.SelectMany(found => found);

    private Candidate[] Search(ReadOnlySpan<byte> name, BtfKind kind)
    {
        if (kind.IsLocation()) return [];
        var found = new List<Candidate>();
        SearchIn(kernel.Own, name, kind, found);
        // libbpf: "if vmlinux BTF has any candidate, don't go for module BTFs", even if none of them matches later.
        if (found.Count > 0) return [.. found];
        foreach (var module in _modules ??= [.. kernel.Modules])
        {
            if (!work.Pay()) break;
            if (!module.MayHave(name)) continue;
            if (module.Types.Base != kernel.Own)
                throw new ArgumentException($"the BTF of module {module.Name} is not split BTF of this kernel");
            SearchIn(module.Types, name, kind, found);
        }

        return [.. found];
    }

    private void SearchIn(BtfTypes target, ReadOnlySpan<byte> name, BtfKind kind, List<Candidate> found)
    {
        // For split BTF only its own types count, as bpf_core_add_cands starts after those of vmlinux.
        if (NameIndex.Covers(kind))
        {
            var hash = NameIndex.Hash(name);
            // Types of one name share a bucket with any hash, so no hash key could keep buckets short; instead each entry costs budget.
            var bucket = target.Index.Bucket(hash);
            if (!work.PayToPass(bucket.Length)) return;
            foreach (var entry in bucket)
                if (entry.Hash == hash) Consider(target, entry.Id, kind, name, found);
        }
        else
        {
            for (var id = target.FirstId; id < (uint)target.Count; id++) Consider(target, id, kind, name, found);
        }
    }

    private void Consider(BtfTypes target, uint id, BtfKind kind, ReadOnlySpan<byte> name, List<Candidate> found)
    {
        if (!work.Pay()) return; // The match that follows finds the budget exhausted and reports it.
        var type = target[id];
        if (type.Kind.IsCoreCompatible(kind) && work.EssentialNameEquals(target, type.NameOffset, name)) found.Add(new(target, id));
    }
}

/// <summary>
/// Local types of one essential name and kind have the same candidates. Names are compared in place, not copied: untrusted ones may be
/// long and many.
/// </summary>
internal sealed class SameQuestion(BtfTypes local) : IEqualityComparer<uint>
{
    public bool Equals(uint x, uint y) => x == y || (local[x].Kind == local[y].Kind && Name(x).SequenceEqual(Name(y)));

    public int GetHashCode(uint id) => NameComparer.HashOf(Name(id));

    private ReadOnlySpan<byte> Name(uint id) => EssentialName.Of(local.Name(local[id].NameOffset));
}
