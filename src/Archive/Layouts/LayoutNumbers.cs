using Relo.Core.Fingerprints;

namespace Relo.Archive.Layouts;

/// <summary>The numbers of all layouts: those of each name, and the fingerprint of each number. Not thread-safe.</summary>
internal sealed class LayoutNumbers
{
    private readonly Dictionary<ulong, int> _last = []; // the last number of each name
    private ulong[] _fingerprints = [];
    private int[] _before = []; // the previous number of the same name

    /// <summary>The next number.</summary>
    public int Next { get; private set; }

    /// <summary>The number of blocks that were added.</summary>
    public int Blocks { get; private set; }

    /// <summary>Adds a block. Numbers before it that belong to no block were deleted.</summary>
    public void Add(int first, ReadOnlySpan<(ulong Key, ulong Fingerprint)> layouts)
    {
        var end = first + layouts.Length;
        if (end > _fingerprints.Length)
        {
            Array.Resize(ref _fingerprints, Math.Max(end, _fingerprints.Length * 3 / 2));
            Array.Resize(ref _before, _fingerprints.Length);
        }

        for (var i = 0; i < layouts.Length; i++)
        {
            _fingerprints[first + i] = layouts[i].Fingerprint;
            _before[first + i] = _last.TryGetValue(layouts[i].Key, out var before) ? before : -1;
            _last[layouts[i].Key] = first + i;
        }

        (Next, Blocks) = (end, Blocks + 1);
    }

    /// <summary>The number of a layout; -1 if it has none.</summary>
    public int Find(ulong key, Fingerprint fingerprint)
    {
        var number = _last.GetValueOrDefault(key, -1);
        while (number >= 0 && _fingerprints[number] != fingerprint.Value) number = _before[number];
        return number;
    }

    /// <summary>The numbers of all layouts of a name.</summary>
    public IEnumerable<int> Of(ulong key)
    {
        for (var number = _last.GetValueOrDefault(key, -1); number >= 0; number = _before[number]) yield return number;
    }

    /// <summary>The fingerprint of a number.</summary>
    public Fingerprint this[int number] => new(_fingerprints[number]);
}
