using System.Collections.Frozen;
using Relo.Archive.Resolution;
using Relo.Core.Bytes;

namespace Relo.Archive.Index;

/// <summary>All kernels at one moment, ready for look-up. Immutable.</summary>
internal sealed class KernelSnapshot
{
    private readonly FrozenDictionary<string, Kernel> _byId;
    private readonly FrozenDictionary<string, Kernel[]> _byRelease;
    private readonly FrozenDictionary<Digest, Kernel[]> _byBtf;

    private readonly Lazy<ReleaseParts[]> _parts;

    /// <summary>All kernels, by id in natural order.</summary>
    public Kernel[] InOrder { get; }

    public KernelSnapshot(IEnumerable<Kernel> kernels)
    {
        InOrder = [.. kernels.OrderBy(k => k.Id, NaturalOrder.Instance)];
        _parts = new(() => [.. InOrder.Select(k => ReleaseParts.Read(k.Release))]);
        _byId = InOrder.ToFrozenDictionary(k => k.Id, StringComparer.Ordinal);
        _byRelease = InOrder.GroupBy(k => k.Release, StringComparer.Ordinal).ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
        _byBtf = InOrder.GroupBy(k => k.Btf).ToFrozenDictionary(g => g.Key, g => g.ToArray());
    }

    /// <summary>The releases of <see cref="InOrder"/> taken apart, index by index; made when first asked for.</summary>
    public ReleaseParts[] Parts => _parts.Value;

    public Kernel? Find(string id) => _byId.GetValueOrDefault(id);

    public Kernel[] WithRelease(string release) => _byRelease.GetValueOrDefault(release, []);

    public Kernel[] WithBtf(Digest btf) => _byBtf.GetValueOrDefault(btf, []);

    /// <summary>Index of the first kernel behind <paramref name="id"/>, whether or not a kernel has that id.</summary>
    public int FirstAfter(string id)
    {
        int low = 0, high = InOrder.Length;
        while (low < high)
        {
            var middle = low + ((high - low) >> 1);
            if (NaturalOrder.Instance.Compare(InOrder[middle].Id, id) <= 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
