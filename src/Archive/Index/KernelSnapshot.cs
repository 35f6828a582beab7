using System.Collections.Immutable;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;
using Relo.Core.Bytes;

namespace Relo.Archive.Index;

/// <summary>
/// All kernels at one point in time, ready for look-up. Immutable; a changed snapshot costs the change and one copy of the list.
/// </summary>
internal sealed class KernelSnapshot
{
    private readonly ImmutableDictionary<string, Kernel[]> _byRelease;
    private readonly ImmutableDictionary<Digest, Kernel[]> _byBtf;
    private readonly Lazy<ReleaseParts[]> _parts;

    public KernelSnapshot(IEnumerable<Kernel> kernels)
    {
        InOrder = [.. kernels.OrderBy(k => k.Id, NaturalOrder.Instance)];
        _byRelease = InOrder.GroupBy(k => k.Release, StringComparer.Ordinal)
            .ToImmutableDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        _byBtf = InOrder.GroupBy(k => k.Btf).ToImmutableDictionary(g => g.Key, g => g.ToArray());
        _parts = new(() => [.. InOrder.Select(k => ReleaseParts.Read(k.Release))], LazyThreadSafetyMode.PublicationOnly);
    }

    private KernelSnapshot(
        Kernel[] inOrder, ImmutableDictionary<string, Kernel[]> byRelease, ImmutableDictionary<Digest, Kernel[]> byBtf,
        ReleaseParts[]? parts)
    {
        (InOrder, _byRelease, _byBtf) = (inOrder, byRelease, byBtf);
        _parts = parts is not null
            ? new(parts)
            : new(() => [.. inOrder.Select(k => ReleaseParts.Read(k.Release))], LazyThreadSafetyMode.PublicationOnly);
    }

    /// <summary>The kernels that queries found in this snapshot.</summary>
    public FoundKernels Found { get; } = new();

    /// <summary>All kernels, by id in natural order.</summary>
    public Kernel[] InOrder { get; }

    /// <summary>The parsed releases of <see cref="InOrder"/>, at the same indexes; parsed on first use.</summary>
    public ReleaseParts[] Parts => _parts.Value;

    /// <summary>The kernels of this release, by id.</summary>
    public Kernel[] WithRelease(string release) => _byRelease.GetValueOrDefault(release, []);

    /// <summary>The kernels that have this BTF, by id.</summary>
    public Kernel[] WithBtf(Digest btf) => _byBtf.GetValueOrDefault(btf, []);

    /// <summary>Bytes of the kernels' BTF; BTF that several kernels share is stored and counted once.</summary>
    public long BtfBytes() => _byBtf.Values.Sum(kernels => kernels[0].BtfSizeBytes);

    /// <summary>Index of the first kernel after <paramref name="id"/>, whether or not a kernel has that id.</summary>
    public int FirstAfter(string id)
    {
        var place = Place(InOrder, id);
        return place < InOrder.Length && InOrder[place].Id == id ? place + 1 : place;
    }

    /// <summary>The snapshot after some changes: for each id its new kernel, or null if it was deleted.</summary>
    public KernelSnapshot With(IEnumerable<(string Id, Kernel? Kernel)> changes)
    {
        List<Kernel> inOrder = [.. InOrder];
        List<ReleaseParts>? parts = _parts.IsValueCreated ? [.. Parts] : null;
        var byRelease = _byRelease.ToBuilder();
        var byBtf = _byBtf.ToBuilder();
        foreach (var (id, kernel) in changes)
        {
            var at = Place(inOrder, id);
            if (at < inOrder.Count && inOrder[at].Id == id)
            {
                Drop(byRelease, inOrder[at].Release, id);
                Drop(byBtf, inOrder[at].Btf, id);
                inOrder.RemoveAt(at);
                parts?.RemoveAt(at);
            }

            if (kernel is null) continue;
            inOrder.Insert(at, kernel);
            parts?.Insert(at, ReleaseParts.Read(kernel.Release));
            Add(byRelease, kernel.Release, kernel);
            Add(byBtf, kernel.Btf, kernel);
        }

        return new([.. inOrder], byRelease.ToImmutable(), byBtf.ToImmutable(), parts?.ToArray());
    }

    private static void Drop<TKey>(ImmutableDictionary<TKey, Kernel[]>.Builder by, TKey key, string id) where TKey : notnull
    {
        Kernel[] left = [.. by[key].Where(k => k.Id != id)];
        if (left.Length == 0) by.Remove(key);
        else by[key] = left;
    }

    private static void Add<TKey>(ImmutableDictionary<TKey, Kernel[]>.Builder by, TKey key, Kernel kernel) where TKey : notnull
    {
        var there = by.GetValueOrDefault(key, []);
        var at = Place(there, kernel.Id);
        by[key] = [.. there[..at], kernel, .. there[at..]];
    }

    // Index of the first kernel at or after the id.
    private static int Place(IReadOnlyList<Kernel> inOrder, string id)
    {
        int low = 0, high = inOrder.Count;
        while (low < high)
        {
            var middle = low + ((high - low) >> 1);
            if (NaturalOrder.Instance.Compare(inOrder[middle].Id, id) < 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
