using System.Numerics;

namespace Relo.Core.Reachability;

/// <summary>
/// Values that a verdict may depend on, one bit each: variables in <c>.rodata</c>, externs. To find out whether it does, the walk is
/// repeated without them.
/// </summary>
internal sealed class Assumptions
{
    private readonly Dictionary<string, uint> _bits = new(StringComparer.Ordinal);

    /// <summary>The assumptions that this walk must not use.</summary>
    public uint Ignored { get; set; }

    /// <summary>The assumptions that closed a branch.</summary>
    public uint Used { get; set; }

    /// <summary>Records an assumption; null if this walk must not use it.</summary>
    public uint? Add(string text)
    {
        if (!_bits.TryGetValue(text, out var bit))
        {
            // Assumptions beyond the number of bits share the last bit.
            bit = 1u << Math.Min(_bits.Count, 31);
            if (_bits.Count < 256) _bits.Add(text, bit);
        }
        return (bit & Ignored) == 0 ? bit : null;
    }

    /// <summary>The texts of some of them, in order.</summary>
    public IEnumerable<string> TextsOf(uint bits) =>
        _bits.Where(known => (known.Value & bits) != 0).Select(known => known.Key).Order(StringComparer.Ordinal);

    /// <summary>The single bits of a set.</summary>
    public static IEnumerable<uint> Split(uint bits)
    {
        for (; bits != 0; bits &= bits - 1) yield return 1u << BitOperations.TrailingZeroCount(bits);
    }
}
