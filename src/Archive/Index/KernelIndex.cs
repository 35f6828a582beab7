using System.Collections.Immutable;
using Relo.Archive.Kernels;
using Relo.Core.Bytes;

namespace Relo.Archive.Index;

/// <summary>All kernels of the archive in memory. Reads never wait for the database; each read sees one consistent snapshot.</summary>
internal sealed class KernelIndex
{
    private readonly Lock _writing = new();
    private ImmutableDictionary<string, Kernel> _kernels = ImmutableDictionary<string, Kernel>.Empty;

    // With more changes than this, sorting from scratch is as fast as inserting each.
    private const int MostTouched = 256;

    // Sorting thousands of kernels takes milliseconds, too long for each kernel of an import or the first read after each upload. So a
    // write only notes what it touched, and the next reader derives a snapshot from the last one.
    private volatile Lazy<KernelSnapshot> _snapshot = new(() => new KernelSnapshot([]));
    private KernelSnapshot? _made;
    private ImmutableHashSet<string> _touched = [];
    private volatile ImmutableHashSet<Digest> _damaged = [];

    /// <summary>An empty index; the start of the archive fills it.</summary>
    public KernelIndex() { }

    /// <summary>An index of these kernels.</summary>
    public KernelIndex(IEnumerable<Kernel> kernels) => Load(kernels);

    internal KernelSnapshot Current => _snapshot.Value;

    /// <summary>The version of the last change by any process that the index includes.</summary>
    internal long Version { get; private set; }

    /// <summary>The number of kernels.</summary>
    public int Count => Current.InOrder.Length;

    /// <summary>The number of kernels with damaged or missing BTF, their own or a module's.</summary>
    public int Damaged => _damaged.IsEmpty ? 0 : Current.InOrder.Count(k => k.Damaged is not null);

    /// <summary>Total size of their BTF. Shared BTF counts once; modules do not count.</summary>
    public long BtfBytes => Current.BtfBytes();

    /// <summary>Whether the archive is loaded.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>The kernel with exactly this id, or null.</summary>
    public Kernel? Find(string id) => Volatile.Read(ref _kernels).GetValueOrDefault(id);

    /// <summary>The kernels that have this BTF, by id.</summary>
    public IReadOnlyList<Kernel> WithBtf(Digest btf) => Current.WithBtf(btf);

    /// <summary>All kernels that match, in the order of the list.</summary>
    public IEnumerable<Kernel> Matching(KernelFilter filter) => new KernelMatch(filter).Of(Current, 0);

    /// <summary>
    /// One page of the kernels that match. The cursor is a position, not a count, so concurrent changes neither repeat nor hide kernels.
    /// </summary>
    /// <param name="filter">Which kernels.</param>
    /// <param name="limit">The most kernels to return; at least 1.</param>
    /// <param name="after"><see cref="KernelPage.Next"/> of the previous page; null for the first.</param>
    /// <exception cref="FormatException"><paramref name="after"/> is not a cursor; check it with <see cref="KernelCursor.TryParse"/>
    /// first.</exception>
    public KernelPage List(KernelFilter filter, int limit, string? after)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        string? last = null;
        if (after is not null && !KernelCursor.TryParse(after, out last))
            throw new FormatException($"'{after}' is not a cursor of this list");
        var snapshot = Current;
        var first = last is null ? 0 : snapshot.FirstAfter(last);
        var match = new KernelMatch(filter);
        // One more than the limit shows whether there is a next page.
        var found = match.Of(snapshot, first).Take(limit == int.MaxValue ? limit : limit + 1).ToList();
        if (found.Count <= limit) return new(found, null);
        found.RemoveAt(limit);
        return new(found, KernelCursor.After(found[^1].Id));
    }

    internal void Load(IEnumerable<Kernel> kernels, long version = 0)
    {
        Version = version;
        Change(null, _ => kernels.ToImmutableDictionary(k => k.Id, Marked, StringComparer.Ordinal));
        IsLoaded = true;
    }

    /// <summary>Applies changes by other processes.</summary>
    internal void Apply(long version, IEnumerable<string> changed, IEnumerable<Kernel> kernels)
    {
        var now = kernels.ToDictionary(k => k.Id, StringComparer.Ordinal);
        foreach (var id in changed)
        {
            if (now.TryGetValue(id, out var kernel)) Put(kernel);
            else Remove(id);
        }

        Version = version;
    }

    /// <summary>Records that the index includes these versions, written by this process. An earlier one may still be missing.</summary>
    internal void Includes(IEnumerable<long> versions)
    {
        foreach (var version in versions)
            if (version == Version + 1) Version = version;
    }

    internal void Put(Kernel kernel) => Change(kernel.Id, kernels => kernels.SetItem(kernel.Id, Marked(kernel)));

    internal void Remove(string id) => Change(id, kernels => kernels.Remove(id));

    /// <summary>Marks all kernels and modules with this BTF as damaged, or as intact again.</summary>
    internal void Mark(Digest btf, bool isDamaged)
    {
        if (_damaged.Contains(btf) == isDamaged) return; // called on every use of a kernel
        lock (_writing)
        {
            _damaged = isDamaged ? _damaged.Add(btf) : _damaged.Remove(btf);
            Change(null, kernels => kernels.SetItems(kernels.Values
                .Where(k => k.Btf == btf || k.ModuleBtf.Concat(k.InlineBtf).Any(m => m.Btf == btf))
                .Select(k => KeyValuePair.Create(k.Id, Marked(k)))));
        }
    }

    private Kernel Marked(Kernel kernel)
    {
        var damaged = _damaged;
        if (damaged.IsEmpty) return kernel.Damaged is null ? kernel : kernel with { Damaged = null };
        string[] own = damaged.Contains(kernel.Btf) ? ["vmlinux"] : [];
        string[] names = [.. own, .. kernel.ModuleBtf.Concat(kernel.InlineBtf).Where(m => damaged.Contains(m.Btf)).Select(m => m.Name)];
        return kernel with { Damaged = names.Length > 0 ? names : null };
    }

    /// <param name="touched">The id that changes; null = all of them.</param>
    /// <param name="change">Returns the new set of kernels.</param>
    private void Change(string? touched, Func<ImmutableDictionary<string, Kernel>, ImmutableDictionary<string, Kernel>> change)
    {
        lock (_writing)
        {
            var changed = change(_kernels);
            Volatile.Write(ref _kernels, changed);
            if (_snapshot.IsValueCreated) (_made, _touched) = (_snapshot.Value, []);
            if (touched is not null) _touched = _touched.Add(touched);
            if (touched is null || _touched.Count > MostTouched) (_made, _touched) = (null, []);
            var (made, ids) = (_made, _touched);
            // PublicationOnly: a reader that runs out of memory leaves no exception to the next one.
            _snapshot = new Lazy<KernelSnapshot>(
                () => made is null ? new KernelSnapshot(changed.Values) : made.With(ids.Select(id => (id, changed.GetValueOrDefault(id)))),
                LazyThreadSafetyMode.PublicationOnly);
        }
    }
}
