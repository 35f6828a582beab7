using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Relo.Core.Btf;

/// <summary>
/// One pass over the types, so that everything after may trust them: where each begins, that it fits into what is left, that what it
/// refers to exists. Of references only the largest is remembered; which one was wrong is looked for when one is.
/// </summary>
internal ref struct BtfScan
{
    /// <summary>In <see cref="_next"/>: the type ends a chain.</summary>
    private const uint NoNext = uint.MaxValue;

    /// <summary>
    /// The longest run of modifiers, typedefs and array levels that is accepted. The kernel's verifier stops at 32
    /// (MAX_RESOLVE_DEPTH); libbpf has no limit. It bounds every walk, so that no input makes one quadratic.
    /// </summary>
    private const int MaxChain = 256;

    private readonly BtfSection _btf;
    private readonly (byte Info, byte Element)[] _layout;
    private int[] _offsets;
    private uint[] _next;
    private int _count;
    private uint _lastId;
    private uint _lastName;

    private BtfScan(BtfSection btf, (byte, byte)[] layout)
    {
        _btf = btf;
        _layout = layout;
        var guess = Math.Max(btf.Words.Length / 8, 16);
        _offsets = ArrayPool<int>.Shared.Rent(guess);
        _next = ArrayPool<uint>.Shared.Rent(_offsets.Length);
    }

    // Words behind the head of a type of each kind: once, and for each element (btf_type_size of libbpf).
    private static ReadOnlySpan<byte> Once => [0, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0];

    private static ReadOnlySpan<byte> Each => [0, 0, 0, 0, 3, 3, 2, 0, 0, 0, 0, 0, 0, 2, 0, 3, 0, 0, 0, 3];

    /// <summary>Checks all of it.</summary>
    /// <returns>Where each type begins, in words: four bytes each, in the machine's order.</returns>
    public static byte[] Run(BtfSection btf, (byte Info, byte Element)[] layout)
    {
        var scan = new BtfScan(btf, layout);
        try
        {
            scan.Types();
            var offsets = scan._offsets.AsSpan(0, scan._count);
            if (scan._lastId >= btf.FirstId + (uint)scan._count || scan._lastName >= btf.StringsEnd || BtfReferences.HasLongString(btf)) BtfReferences.Check(btf, offsets);
            scan.Chains();
            return MemoryMarshal.AsBytes(offsets).ToArray();
        }
        finally
        {
            ArrayPool<int>.Shared.Return(scan._offsets);
            ArrayPool<uint>.Shared.Return(scan._next);
        }
    }

    // Compiled at its best at once: the first kernel of a process is a hundred thousand types long, and the runtime would go through most of them in slow code.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Types()
    {
        var words = _btf.Words;
        for (var at = 0; at < words.Length; _count++)
        {
            if (_count == _offsets.Length || _count == _next.Length) Grow();
            var id = _btf.FirstId + (uint)_count;
            if (words.Length - at < 3) throw _btf.Fault(at, id, $"{words.Length - at} words are left, a type has at least 3");
            _offsets[_count] = at;
            _next[_count] = NoNext;
            var info = words[at + 1];
            var kind = (BtfKind)((info >> 24) & 0x7f);
            var length = 3 + WordsBehind(at, id, kind, info & 0xffffff);
            if (length > words.Length - at) throw _btf.Fault(at, id, $"needs {length * 4L} bytes, {(words.Length - at) * 4L} are left");
            Note(kind, words.Slice(at, (int)length));
            at += (int)length;
        }
    }

    private readonly long WordsBehind(int at, uint id, BtfKind kind, uint count)
    {
        if (kind is > BtfKind.Void and <= BtfKinds.Last) return Once[(int)kind] + (Each[(int)kind] * (long)count);
        // A kind to come: the layout table tells its size, if the BTF brings one.
        if (kind > BtfKinds.Last && (int)kind < _layout.Length && (_layout[(int)kind].Info + (_layout[(int)kind].Element * (long)count)) % 4 == 0)
            return (_layout[(int)kind].Info + (_layout[(int)kind].Element * (long)count)) / 4;
        throw _btf.Fault(at + 1, id, $"has kind {(int)kind}, known kinds are 1 to {(int)BtfKinds.Last}");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Note(BtfKind kind, ReadOnlySpan<uint> type)
    {
        _lastName = Math.Max(_lastName, type[0]);
        switch (kind)
        {
            case BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.TypeTag:
                _next[_count] = type[2];
                _lastId = Math.Max(_lastId, type[2]);
                break;
            case BtfKind.Ptr or BtfKind.Func or BtfKind.Var or BtfKind.DeclTag:
                _lastId = Math.Max(_lastId, type[2]);
                break;
            case BtfKind.Array:
                _next[_count] = type[3];
                _lastId = Math.Max(_lastId, Math.Max(type[3], type[4]));
                break;
            case BtfKind.FuncProto:
                _lastId = Math.Max(_lastId, type[2]);
                NamesAndIds(type[3..], 2);
                break;
            case BtfKind.Struct or BtfKind.Union:
                NamesAndIds(type[3..], 3);
                break;
            case BtfKind.DataSec:
                _lastId = Math.Max(_lastId, Largest(type[3..], 3));
                break;
            case BtfKind.Enum:
                _lastName = Math.Max(_lastName, Largest(type[3..], 2));
                break;
            case BtfKind.Enum64:
                _lastName = Math.Max(_lastName, Largest(type[3..], 3));
                break;
        }
    }

    /// <summary>Elements that begin with a name and a type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void NamesAndIds(ReadOnlySpan<uint> elements, int words)
    {
        var (name, id) = (_lastName, _lastId);
        for (var e = 1; e < elements.Length; e += words)
        {
            name = Math.Max(name, elements[e - 1]);
            id = Math.Max(id, elements[e]);
        }
        (_lastName, _lastId) = (name, id);
    }

    private static uint Largest(ReadOnlySpan<uint> elements, int words)
    {
        var largest = 0u;
        for (var e = 0; e < elements.Length; e += words) largest = Math.Max(largest, elements[e]);
        return largest;
    }

    /// <summary>No run of modifiers, typedefs and arrays comes back to itself or is over-long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Chains()
    {
        var first = _btf.FirstId;
        var lengths = new short[_count];
        Span<uint> run = stackalloc uint[MaxChain + 1];
        for (var i = 0; i < lengths.Length; i++)
        {
            if (_next[i] == NoNext || lengths[i] != 0) continue;
            var (depth, known) = (0, 0);
            // Types of the base were checked when it was opened.
            for (var id = first + (uint)i; id >= first && _next[id - first] is var next and not NoNext; id = next)
            {
                if (lengths[id - first] is var done and not 0) { known = done; break; }
                if (depth == run.Length) throw _btf.Fault(_offsets[i], first + (uint)i, $"begins a chain of modifiers, typedefs and arrays that comes back to itself or is longer than {MaxChain}");
                run[depth++] = id;
            }
            if (depth + known > MaxChain) throw _btf.Fault(_offsets[i], first + (uint)i, $"begins a chain of modifiers, typedefs and arrays longer than {MaxChain}");
            for (var d = 0; d < depth; d++) lengths[run[d] - first] = (short)(depth - d + known);
        }
    }

    private void Grow()
    {
        _offsets = Grown(_offsets, _count);
        _next = Grown(_next, _count);

        static T[] Grown<T>(T[] array, int count)
        {
            if (array.Length > count) return array;
            var larger = ArrayPool<T>.Shared.Rent(count * 2);
            array.CopyTo(larger, 0);
            ArrayPool<T>.Shared.Return(array);
            return larger;
        }
    }
}
