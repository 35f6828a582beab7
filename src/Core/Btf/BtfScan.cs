using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Relo.Core.Btf;

/// <summary>
/// One pass over the types, so that everything after may trust them: where each begins, that it fits into what is left, that what it
/// refers to exists. Of references only the largest are remembered; which one was wrong is looked for when one is.
/// </summary>
internal ref struct BtfScan : IDisposable
{
    private const int FirstWords = LargestWords.First * 8;

    private readonly BtfSection _btf;
    private readonly (byte Info, byte Element)[] _layout;
    private readonly int[] _offsets;
    private readonly int[] _chained; // types that go on to another
    private readonly NameEntry[] _named;
    private int _count;
    private int _chains;
    private int _names;
    private (uint Name, uint Id) _largest;

    private BtfScan(BtfSection btf, (byte, byte)[] layout)
    {
        _btf = btf;
        _layout = layout;
        // As many as there can be at the most, and one: each is written before it is known whether it counts.
        var most = (btf.Words.Length / KindShape.Head) + 1;
        _offsets = ArrayPool<int>.Shared.Rent(most);
        _chained = ArrayPool<int>.Shared.Rent(most);
        _named = ArrayPool<NameEntry>.Shared.Rent(most);
    }

    /// <summary>Where each type begins, in words.</summary>
    public readonly ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, _count);

    /// <summary>The types that <see cref="NameIndex"/> covers and that have a name, whose offset stands in place of the hash.</summary>
    public readonly Span<NameEntry> Named => _named.AsSpan(0, _names);

    /// <summary>The types that go on to another, counted from 0.</summary>
    public readonly ReadOnlySpan<int> Chained => _chained.AsSpan(0, _chains);

    /// <summary>The largest name and the largest id that any type refers to.</summary>
    public readonly (uint Name, uint Id) Largest => _largest;

    /// <summary>Checks all of it.</summary>
    /// <param name="btf">The types.</param>
    /// <param name="layout">Bytes after the head and per element of kinds that are not known here.</param>
    /// <param name="oneByOne">Without <see cref="Many"/>: the plain way, which tests hold the fast one against.</param>
    public static BtfScan Run(BtfSection btf, (byte Info, byte Element)[] layout, bool oneByOne = false)
    {
        var scan = new BtfScan(btf, layout);
        try
        {
            Span<Vector256<uint>> largest = stackalloc Vector256<uint>[LargestWords.Size];
            largest.Clear();
            scan.Types(largest, oneByOne);
            scan._largest = LargestWords.NameAndId(largest);
            if (scan._largest.Id >= btf.FirstId + (uint)scan._count || scan._largest.Name >= btf.StringsEnd || BtfReferences.HasLongString(btf)) BtfReferences.Check(btf, scan.Offsets);
            BtfChains.Check(btf, scan.Offsets, scan.Chained);
            return scan;
        }
        catch
        {
            scan.Dispose();
            throw;
        }
    }

    public readonly void Dispose()
    {
        ArrayPool<int>.Shared.Return(_offsets);
        ArrayPool<int>.Shared.Return(_chained);
        ArrayPool<NameEntry>.Shared.Return(_named);
    }

    private void Types(scoped Span<Vector256<uint>> largest, bool oneByOne)
    {
        for (var at = 0; at < _btf.Words.Length;)
        {
            if (!oneByOne) at = Many(at, largest);
            if (at < _btf.Words.Length) at = One(at, largest);
        }
    }

    /// <summary>
    /// As many types as are of known kinds and not at the end. Branch-free, because kinds mispredict; rare cases go to <see cref="One"/>.
    /// Measured on a 6.18 kernel: 1.2 ms to open, against 3.0 ms one by one, which is why it reads past the bounds checks.
    /// </summary>
    /// <returns>Where the next type begins.</returns>
    // Optimised from the first call: the first kernel of a process is a hundred thousand types long, and most of them would run in slow code.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Many(int at, scoped Span<Vector256<uint>> largest)
    {
        ref var words = ref MemoryMarshal.GetReference(_btf.Words);
        ref var shapes = ref MemoryMarshal.GetReference(KindShape.OfUpperByte);
        ref var places = ref MemoryMarshal.GetReference(largest);
        // No more types than these have room for, as each is of three words at least.
        ref var offsets = ref MemoryMarshal.GetArrayDataReference(_offsets);
        ref var chained = ref MemoryMarshal.GetArrayDataReference(_chained);
        ref var named = ref MemoryMarshal.GetArrayDataReference(_named);
        var (count, chains, names) = ((nint)_count, (nint)_chains, (nint)_names);
        nint next = at;
        // So far that every vector that is begun within a type lies within the words.
        nint end = _btf.Words.Length - FirstWords;
        while (next <= end)
        {
            ref var type = ref Unsafe.Add(ref words, next);
            var info = Unsafe.Add(ref type, 1);
            ref var shape = ref Unsafe.Add(ref shapes, (nint)(info >> 24));
            var length = ((nint)(info & 0xffffff) * shape.Each) + shape.Once;
            if (length == 0 || next + length > end) break;

            Unsafe.Add(ref offsets, count) = (int)next;
            Unsafe.Add(ref chained, chains) = (int)count;
            chains += shape.GoesOn;
            Unsafe.Add(ref named, names) = new(type, _btf.FirstId + (uint)count);
            names += shape.IsNamed & (type != 0 ? 1 : 0);
            count++;
            next += length;

            ref var place = ref Unsafe.Add(ref places, (nint)((info >> 24) & 0x7f) * LargestWords.Vectors);
            var left = Vector256.Create((int)length);
            Note(ref place, ref type, left);
            Note(ref Unsafe.Add(ref place, 1), ref Unsafe.Add(ref type, 8), left - Vector256.Create(8));
            for (nint done = FirstWords, turn = LargestWords.First; done < length; done += 8)
            {
                Note(ref Unsafe.Add(ref place, turn), ref Unsafe.Add(ref type, done), Vector256.Create((int)(length - done)));
                turn = turn == LargestWords.Vectors - 1 ? LargestWords.First : turn + 1;
            }
        }
        (_count, _chains, _names) = ((int)count, (int)chains, (int)names);
        return (int)next;
    }

    /// <summary>Keeps the largest of a vector's words, of which so many belong to the type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Note(ref Vector256<uint> largest, ref uint words, Vector256<int> left) =>
        largest = Vector256.Max(largest, Vector256.LoadUnsafe(ref words) & Vector256.GreaterThan(left, Vector256<int>.Indices).AsUInt32());

    /// <summary>A type of any kind, anywhere.</summary>
    /// <returns>Where the next type begins.</returns>
    private int One(int at, scoped Span<Vector256<uint>> largest)
    {
        var id = _btf.FirstId + (uint)_count;
        var left = _btf.Words[at..];
        if (left.Length < KindShape.Head) throw _btf.Fault(at, id, $"{left.Length} words are left, a type has at least {KindShape.Head}");
        var shape = KindShape.OfUpperByte[(int)(left[1] >> 24)];
        var length = shape == default ? LengthByLayout(at, id, left[1]) : shape.Once + (shape.Each * (long)(left[1] & 0xffffff));
        if (length > left.Length) throw _btf.Fault(at, id, $"needs {length * 4L} bytes, {left.Length * 4L} are left");

        _offsets[_count] = at;
        _chained[_chains] = _count++;
        _chains += shape.GoesOn;
        _named[_names] = new(left[0], id);
        if (left[0] != 0) _names += shape.IsNamed;
        LargestWords.Note(largest, (BtfKind)((left[1] >> 24) & 0x7f), left[..(int)length]);
        return at + (int)length;
    }

    // A kind newer than this program: the layout table gives its size, if the BTF or its base has one.
    private readonly long LengthByLayout(int at, uint id, uint info)
    {
        var kind = (int)((info >> 24) & 0x7f);
        if (kind > (int)KindLayout.Last && kind < _layout.Length && _layout[kind].Info + (_layout[kind].Element * (long)(info & 0xffffff)) is var bytes && bytes % 4 == 0)
            return KindShape.Head + (bytes / 4);
        throw _btf.Fault(at + 1, id, $"has kind {kind}, known kinds are 1 to {(int)KindLayout.Last}");
    }
}
