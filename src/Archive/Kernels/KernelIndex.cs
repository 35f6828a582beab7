using System.Collections.Immutable;
using Relo.Archive.Index;
using Relo.Core.Bytes;

namespace Relo.Archive.Kernels;

/// <summary>All kernels of the archive in memory. Reading never waits for the database; each read sees one consistent state.</summary>
internal sealed class KernelIndex
{
    private readonly Lock _writing = new();
    private ImmutableDictionary<string, Kernel> _kernels = ImmutableDictionary<string, Kernel>.Empty;

    // Beyond so many changes sorting all anew is no dearer than putting each in its place.
    private const int MostTouched = 256;

    // Sorting costs milliseconds at thousands of kernels, so neither an import of thousands may pay it for each, nor a reader behind each upload:
    // a write only notes what it touched, and the next reader makes the snapshot of the last one that was made.
    private volatile Lazy<KernelSnapshot> _snapshot = new(() => new KernelSnapshot([]));
    private KernelSnapshot? _made;
    private ImmutableHashSet<string> _touched = [];
    private volatile ImmutableHashSet<Digest> _damaged = [];

    /// <summary>An index of no kernels; the archive's start fills the service's own.</summary>
    public KernelIndex() { }

    /// <summary>An index of these kernels.</summary>
    public KernelIndex(IEnumerable<Kernel> kernels) => Load(kernels);

    internal KernelSnapshot Current => _snapshot.Value;

    /// <summary>How many kernels and modules there are, and the ticks at which the newest of each was added: differs wherever another process changed something.</summary>
    internal Contents Extent
    {
        get
        {
            var kernels = Volatile.Read(ref _kernels).Values;
            var modules = kernels.SelectMany(k => k.ModuleBtf.Concat(k.InlineBtf)).ToList();
            return new(kernels.Count(), Newest(kernels.Select(k => k.AddedAt)), modules.Count, Newest(modules.Select(m => m.AddedAt)));

            static long Newest(IEnumerable<DateTimeOffset> times) => times.Select(t => t.UtcTicks).DefaultIfEmpty().Max();
        }
    }

    internal readonly record struct Contents(int Kernels, long NewestKernel, int Modules, long NewestModule);

    /// <summary>How many kernels there are.</summary>
    public int Count => Current.InOrder.Length;

    /// <summary>How many of them have lost BTF, their own or a module's.</summary>
    public int Damaged => _damaged.IsEmpty ? 0 : Current.InOrder.Count(k => k.Damaged is not null);

    /// <summary>Bytes of their BTF; what several have is counted once, as it is kept. Modules are not in it.</summary>
    public long BtfBytes => Current.BtfBytes();

    /// <summary>Whether the archive was read in.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>The kernel with this very id; null where there is none.</summary>
    public Kernel? Find(string id) => Volatile.Read(ref _kernels).GetValueOrDefault(id);

    /// <summary>The kernels that have this BTF, by id.</summary>
    public IReadOnlyList<Kernel> WithBtf(Digest btf) => Current.WithBtf(btf);

    /// <summary>All kernels that match, in the order of the list.</summary>
    public IEnumerable<Kernel> Matching(KernelFilter filter) => new KernelMatch(filter).Of(Current, 0);

    /// <summary>One page of the kernels that match. The cursor is a place in the order, not a count: kernels added or deleted meanwhile neither repeat nor hide others.</summary>
    /// <param name="filter">Which kernels.</param>
    /// <param name="limit">At most so many; at least 1.</param>
    /// <param name="after">The <see cref="KernelPage.Next"/> of the page before; null for the first page.</param>
    /// <exception cref="FormatException"><paramref name="after"/> is no cursor; ask <see cref="KernelCursor.TryParse"/> before.</exception>
    public KernelPage List(KernelFilter filter, int limit, string? after)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        string? last = null;
        if (after is not null && !KernelCursor.TryParse(after, out last)) throw new FormatException($"'{after}' is no cursor of this list");
        var snapshot = Current;
        var first = last is null ? 0 : snapshot.FirstAfter(last);
        var match = new KernelMatch(filter);
        // One more than asked for tells whether there is a next page.
        var found = match.Of(snapshot, first).Take(limit == int.MaxValue ? limit : limit + 1).ToList();
        if (found.Count <= limit) return new(found, null);
        found.RemoveAt(limit);
        return new(found, KernelCursor.After(found[^1].Id));
    }

    internal void Load(IEnumerable<Kernel> kernels)
    {
        Change(null, _ => kernels.ToImmutableDictionary(k => k.Id, Marked, StringComparer.Ordinal));
        IsLoaded = true;
    }

    internal void Put(Kernel kernel) => Change(kernel.Id, kernels => kernels.SetItem(kernel.Id, Marked(kernel)));

    internal void Remove(string id) => Change(id, kernels => kernels.Remove(id));

    /// <summary>Notes that BTF is lost, or is back, with all kernels that have it, or have it as a module's.</summary>
    internal void Mark(Digest btf, bool isDamaged)
    {
        if (_damaged.Contains(btf) == isDamaged) return; // asked at every use of a kernel
        lock (_writing)
        {
            _damaged = isDamaged ? _damaged.Add(btf) : _damaged.Remove(btf);
            Change(null, kernels => kernels.SetItems(kernels.Values.Where(k => k.Btf == btf || k.ModuleBtf.Any(m => m.Btf == btf)).Select(k => KeyValuePair.Create(k.Id, Marked(k)))));
        }
    }

    private Kernel Marked(Kernel kernel)
    {
        var damaged = _damaged;
        if (damaged.IsEmpty) return kernel.Damaged is null ? kernel : kernel with { Damaged = null };
        string[] own = damaged.Contains(kernel.Btf) ? ["vmlinux"] : [];
        string[] names = [.. own, .. kernel.ModuleBtf.Where(m => damaged.Contains(m.Btf)).Select(m => m.Name)];
        return kernel with { Damaged = names.Length > 0 ? names : null };
    }

    /// <param name="touched">The id that changes; null = all of them.</param>
    /// <param name="change">Makes the kernels from then on.</param>
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
