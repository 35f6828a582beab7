using System.Globalization;
using Relo.Conformance.Comparison;

namespace Relo.Conformance.MinimalBtf;

/// <summary>Counts of the comparisons, for the summary.</summary>
public sealed class MinimalBtfTally : IDisposable
{
    private readonly List<int> _sizes = [];
    private long _whole;
    private int _bpftool, _libbpf;

    public void Bpftool(int pairs) => _bpftool += pairs;

    public void Libbpf(int pairs) => _libbpf += pairs;

    public void Ours(int bytes, int wholeBytes)
    {
        _sizes.Add(bytes);
        _whole += wholeBytes;
    }

    public void Dispose()
    {
        if (_sizes.Count == 0) return;
        _sizes.Sort();
        Summary.Put("6 minimal", string.Create(CultureInfo.InvariantCulture,
            $"### Minimal BTF\n\n{_bpftool:N0} pairs have the types of bpftool's; {_libbpf:N0} are relocated by libbpf, and "
                + $"{_sizes.Count:N0} by us, as through the whole BTF. Median size {_sizes[_sizes.Count / 2]:N0} bytes, largest "
                + $"{_sizes[^1]:N0}; the whole BTF has {_whole / _sizes.Count:N0} on average.\n"));
    }
}
