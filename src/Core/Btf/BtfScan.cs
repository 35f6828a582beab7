using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>
/// One pass over the types, so that everything after may trust them: where each begins, that it fits into what is left, that what it
/// refers to exists. Of references only the largest is remembered; which one was wrong is looked for when one is.
/// </summary>
internal ref struct BtfScan
{
    /// <summary>
    /// The longest run of modifiers, typedefs and array levels that is accepted. The kernel's verifier stops at 32
    /// (MAX_RESOLVE_DEPTH); libbpf has no limit. It bounds every walk, so that no input makes one quadratic.
    /// </summary>
    private const int MaxChain = 256;

    /// <summary>In <see cref="_lengths"/>: the type goes on to another, how long the run is will be known later.</summary>
    private const short Unknown = short.MaxValue;

    private readonly BtfSection _btf;
    private readonly (byte Info, byte Element)[] _layout;
    private readonly int[] _offsets;
    private readonly short[] _lengths; // of the run that begins with each type
    private readonly int[] _chained; // the types that go on to another
    private int _count;
    private int _chains;

    private BtfScan(BtfSection btf, (byte, byte)[] layout)
    {
        _btf = btf;
        _layout = layout;
        var most = (btf.Words.Length / BtfShape.Head) + 1;
        _offsets = ArrayPool<int>.Shared.Rent(most);
        _lengths = ArrayPool<short>.Shared.Rent(most);
        _chained = ArrayPool<int>.Shared.Rent(most);
    }

    /// <summary>Checks all of it.</summary>
    /// <returns>Where each type begins, in words: four bytes each, in the machine's order.</returns>
    public static byte[] Run(BtfSection btf, (byte Info, byte Element)[] layout)
    {
        var scan = new BtfScan(btf, layout);
        try
        {
            Span<Vector256<uint>> largest = stackalloc Vector256<uint>[BtfShape.Kinds * BtfShape.Vectors];
            largest.Clear();
            scan.Types(largest);
            var offsets = scan._offsets.AsSpan(0, scan._count);
            var (name, id) = BtfShape.Largest(largest);
            if (id >= btf.FirstId + (uint)scan._count || name >= btf.StringsEnd || BtfReferences.HasLongString(btf)) BtfReferences.Check(btf, offsets);
            scan.Chains();
            return MemoryMarshal.AsBytes(offsets).ToArray();
        }
        finally
        {
            ArrayPool<int>.Shared.Return(scan._offsets);
            ArrayPool<short>.Shared.Return(scan._lengths);
            ArrayPool<int>.Shared.Return(scan._chained);
        }
    }

    private void Types(scoped Span<Vector256<uint>> largest)
    {
        for (var at = 0; at < _btf.Words.Length;)
        {
            at = Plain(at, largest);
            if (at < _btf.Words.Length) at = One(at, largest);
        }
    }

    /// <summary>
    /// As many types as are of known kinds and not at the end. Kinds follow each other as if by chance, and a wrong guess of the processor's takes longer
    /// than a type does: so the same is done for all kinds, and what is seldom is left to <see cref="One"/>.
    /// </summary>
    /// <param name="at">Where the first begins.</param>
    /// <param name="largest">Gets the largest of the words that stand at the same place in types of the same kind.</param>
    /// <returns>Behind the last.</returns>
    // Compiled at its best at once: the first kernel of a process is a hundred thousand types long, and the runtime would go through most of them in slow code.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Plain(int at, scoped Span<Vector256<uint>> largest)
    {
        // Whole vectors are read, never beyond the words; there are as many offsets, lengths and chained ones as there can be types.
        ref var words = ref MemoryMarshal.GetReference(_btf.Words);
        ref var offsets = ref MemoryMarshal.GetArrayDataReference(_offsets);
        ref var lengths = ref MemoryMarshal.GetArrayDataReference(_lengths);
        ref var chained = ref MemoryMarshal.GetArrayDataReference(_chained);
        ref var groups = ref MemoryMarshal.GetReference(largest);
        ref var shapes = ref MemoryMarshal.GetReference(BtfShape.Packed);
        var (count, chains) = ((nint)(uint)_count, (nint)(uint)_chains);
        var (place, last) = ((nint)at, (nint)_btf.Words.Length - Vector256<uint>.Count);
        while (place <= last)
        {
            var info = Unsafe.Add(ref words, place + 1);
            var kind = (nint)((info >> 24) & 0x7f);
            if (kind > (nint)BtfKinds.Last) break;
            var shape = (nint)Unsafe.Add(ref shapes, kind);
            var length = ((nint)(info & 0xffffff) * (shape & 3)) + ((shape >> 2) & 7);
            if (place + length > last || length == 0) break;

            Unsafe.Add(ref offsets, count) = (int)place;
            Unsafe.Add(ref chained, chains) = (int)count;
            chains += shape >> 5;
            Unsafe.Add(ref lengths, count) = (short)(Unknown * (shape >> 5));
            count++;

            ref var group = ref Unsafe.Add(ref groups, kind * BtfShape.Vectors);
            ref var type = ref Unsafe.Add(ref words, place);
            group = Vector256.Max(group, Vector256.LoadUnsafe(ref type) & Vector256.GreaterThan(Vector256.Create((int)length), Vector256<int>.Indices).AsUInt32());
            place += length;
            if (length <= Vector256<uint>.Count) continue;

            nint done = Vector256<uint>.Count, turn = 1;
            do
            {
                ref var next = ref Unsafe.Add(ref group, turn);
                next = Vector256.Max(next, Vector256.LoadUnsafe(ref type, (nuint)done) & Vector256.GreaterThan(Vector256.Create((int)(length - done)), Vector256<int>.Indices).AsUInt32());
                turn = turn == BtfShape.Vectors - 1 ? 1 : turn + 1;
                done += Vector256<uint>.Count;
            }
            while (done < length);
        }
        (_count, _chains) = ((int)count, (int)chains);
        return (int)place;
    }

    /// <summary>A single type of any kind, anywhere.</summary>
    private int One(int at, scoped Span<Vector256<uint>> largest)
    {
        var id = _btf.FirstId + (uint)_count;
        var left = _btf.Words[at..];
        if (left.Length < BtfShape.Head) throw _btf.Fault(at, id, $"{left.Length} words are left, a type has at least {BtfShape.Head}");
        var kind = (int)((left[1] >> 24) & 0x7f);
        var count = left[1] & 0xffffff;
        var shape = BtfShape.Packed[Math.Min(kind, BtfShape.Kinds - 1)];
        var length = shape == 0 ? LengthByLayout(at, id, kind, count) : ((shape >> 2) & 7) + ((shape & 3) * (long)count);
        if (length > left.Length) throw _btf.Fault(at, id, $"needs {length * 4L} bytes, {left.Length * 4L} are left");

        _offsets[_count] = at;
        _chained[_chains] = _count;
        _chains += shape >> 5;
        _lengths[_count++] = (short)(Unknown * (shape >> 5));
        BtfShape.Note(largest, kind, left[..(int)length]);
        return at + (int)length;
    }

    // A kind to come: the layout table tells its size, if the BTF brings one.
    private readonly long LengthByLayout(int at, uint id, int kind, uint count)
    {
        if (kind < _layout.Length && (_layout[kind].Info + (_layout[kind].Element * (long)count)) is var bytes && bytes % 4 == 0)
            return BtfShape.Head + (bytes / 4);
        throw _btf.Fault(at + 1, id, $"has kind {kind}, known kinds are 1 to {(int)BtfKinds.Last}");
    }

    /// <summary>No run of modifiers, typedefs and arrays comes back to itself or is over-long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Chains()
    {
        var lengths = _lengths.AsSpan(0, _count);
        foreach (var i in _chained.AsSpan(0, _chains))
        {
            if (lengths[i] != Unknown) continue;
            var next = Next(i);
            // Types of the base were checked when it was opened.
            var behind = (uint)next < (uint)lengths.Length ? lengths[next] : 0;
            if (behind == Unknown) Walk(i, lengths);
            else lengths[i] = (short)(behind + 1);
            if (lengths[i] > MaxChain) throw TooLong(i);
        }
    }

    /// <summary>Follows a run to where its length is known.</summary>
    private readonly void Walk(int from, Span<short> lengths)
    {
        Span<int> run = stackalloc int[MaxChain + 1];
        var (depth, behind) = (0, 0);
        for (var i = from; (uint)i < (uint)lengths.Length && lengths[i] is var length and not 0; i = Next(i))
        {
            if (length != Unknown) { behind = length; break; }
            if (depth == run.Length) throw TooLong(from);
            run[depth++] = i;
        }
        for (var d = 0; d < depth; d++) lengths[run[d]] = (short)(depth - d + behind);
    }

    /// <summary>What a type that goes on goes on to, counted from the first; negative in the base.</summary>
    private readonly int Next(int i)
    {
        var at = _offsets[i];
        var kind = (BtfKind)((_btf.Words[at + 1] >> 24) & 0x7f);
        return (int)(_btf.Words[at + (kind == BtfKind.Array ? 3 : 2)] - _btf.FirstId);
    }

    private readonly MalformedObjectException TooLong(int i) =>
        _btf.Fault(_offsets[i], _btf.FirstId + (uint)i, $"begins a chain of modifiers, typedefs and arrays that comes back to itself or is longer than {MaxChain}");
}
