using Relo.Core.Btf;

namespace Relo.Core.Relocation;

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
