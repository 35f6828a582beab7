using System.Buffers;

namespace Relo.Core.Btf;

/// <summary>Checks that no chain of modifiers, typedefs and arrays is a cycle or too long.</summary>
internal readonly ref struct BtfChains
{
    /// <summary>
    /// The longest accepted chain. The kernel's verifier stops at 32 (MAX_RESOLVE_DEPTH); libbpf has no limit. This one bounds every walk,
    /// so no input makes a walk quadratic.
    /// </summary>
    private const int MaxChain = 256;

    /// <summary>A length not computed yet.</summary>
    private const short Unknown = short.MaxValue;

    private readonly BtfSection _btf;
    private readonly ReadOnlySpan<int> _offsets;
    private readonly Span<short> _lengths; // the length of the chain from each type; 0 for other types

    private BtfChains(BtfSection btf, ReadOnlySpan<int> offsets, Span<short> lengths)
    {
        _btf = btf;
        _offsets = offsets;
        _lengths = lengths;
    }

    /// <summary>Throws if a chain is a cycle or too long.</summary>
    /// <param name="btf">The types, whose references are already checked.</param>
    /// <param name="offsets">Where each begins.</param>
    /// <param name="chained">The types that refer to another one (modifiers, typedefs, arrays), counted from 0.</param>
    public static void Check(BtfSection btf, ReadOnlySpan<int> offsets, ReadOnlySpan<int> chained)
    {
        var lengths = ArrayPool<short>.Shared.Rent(offsets.Length);
        try
        {
            var chains = new BtfChains(btf, offsets, lengths.AsSpan(0, offsets.Length));
            chains._lengths.Clear();
            foreach (var i in chained) chains._lengths[i] = Unknown;
            foreach (var i in chained) chains.Measure(i);
        }
        finally
        {
            ArrayPool<short>.Shared.Return(lengths);
        }
    }

    private void Measure(int i)
    {
        if (_lengths[i] != Unknown) return;
        var behind = LengthOf(Next(i));
        if (behind == Unknown) Walk(i);
        else _lengths[i] = (short)(behind + 1);
        if (_lengths[i] > MaxChain) throw TooLong(i);
    }

    /// <summary>Follows a chain to its end or to a type of known length.</summary>
    private void Walk(int from)
    {
        Span<int> run = stackalloc int[MaxChain + 1];
        var (depth, i) = (0, from);
        for (; LengthOf(i) == Unknown; i = Next(i))
        {
            if (depth == run.Length) throw TooLong(from);
            run[depth++] = i;
        }
        var behind = LengthOf(i);
        for (var d = 0; d < depth; d++) _lengths[run[d]] = (short)(depth - d + behind);
    }

    // The types of the base were checked when it was opened.
    private short LengthOf(int i) => (uint)i < (uint)_lengths.Length ? _lengths[i] : (short)0;

    /// <summary>The next type of a chain; negative in the base.</summary>
    private int Next(int i)
    {
        var at = _offsets[i];
        var kind = (BtfKind)((_btf.Words[at + 1] >> 24) & 0x7f);
        return (int)(_btf.Words[at + KindLayout.Of(kind)!.Next] - _btf.FirstId);
    }

    private Bytes.MalformedObjectException TooLong(int i) =>
        _btf.Fault(_offsets[i], _btf.FirstId + (uint)i,
            $"begins a chain of modifiers, typedefs and arrays that is a cycle or longer than {MaxChain}");
}
