using System.Numerics;

namespace Relo.Core.Reachability;

/// <summary>
/// What a verdict may rest on, a bit each: values of <c>.rodata</c>, of externs. To see whether it does, the walk is repeated without them.
/// </summary>
internal sealed class Assumptions
{
    private readonly Dictionary<string, uint> _bits = new(StringComparer.Ordinal);

    /// <summary>Those that the walk does without.</summary>
    public uint Ignored { get; set; }

    /// <summary>Those that closed a branch.</summary>
    public uint Used { get; set; }

    /// <summary>Takes note of an assumption; null where the walk is to do without it.</summary>
    public uint? Add(string text)
    {
        if (!_bits.TryGetValue(text, out var bit))
        {
            // Those beyond the number of bits share the last one.
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
