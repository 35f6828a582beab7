using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Relo.Core.Btf;

/// <summary>
/// Finds types by essential name without looking at all of them. A hash table in two arrays: bucket b holds
/// <c>entries[starts[b] .. starts[b + 1]]</c>, ids ascending, so that candidates come in id order as libbpf's scan gives them. An entry has the
/// whole hash, so that neither types nor strings are looked at for names that only share the bucket.
/// </summary>
/// <remarks>
/// Functions, variables, data sections and tags are half of a kernel's types and never the root of a relocation that
/// compilers emit; they are left out, and <see cref="Covers"/> says so.
/// </remarks>
/// <param name="starts">Four bytes each, in the machine's order, as in the file.</param>
/// <param name="entries">Eight bytes each.</param>
internal sealed class NameIndex(ReadOnlyMemory<byte> starts, ReadOnlyMemory<byte> entries)
{
    private const int EntriesPerBucket = 4;

    // A bit for each kind.
    private const uint Covered = (1u << ((int)BtfKinds.Last + 1)) - 1
        & ~((1u << (int)BtfKind.Func) | (1u << (int)BtfKind.Var) | (1u << (int)BtfKind.DataSec) | (1u << (int)BtfKind.DeclTag) | (1u << (int)BtfKind.TypeTag));

    private readonly uint _mask = (uint)(starts.Length / sizeof(int)) - 2;

    /// <summary>Where each bucket begins; one more than there are buckets, which are a power of two.</summary>
    public ReadOnlySpan<int> Starts => MemoryMarshal.Cast<byte, int>(starts.Span);

    public ReadOnlySpan<NameEntry> Entries => MemoryMarshal.Cast<byte, NameEntry>(entries.Span);

    public static bool Covers(BtfKind kind) => kind <= BtfKinds.Last && ((Covered >> (int)kind) & 1) != 0;

    public static NameIndex Build(BtfTypes types)
    {
        var own = types.WordOffsets.Length;
        var named = ArrayPool<NameEntry>.Shared.Rent(own);
        try
        {
            return Sort(named.AsSpan(0, Hash(types, named.AsSpan(0, Find(types, named)))));
        }
        finally
        {
            ArrayPool<NameEntry>.Shared.Return(named);
        }
    }

    /// <summary>Entries, ids ascending, of which those with the hash may have the name: the caller compares.</summary>
    public ReadOnlySpan<NameEntry> Bucket(uint hash)
    {
        var bucket = (int)(hash & _mask);
        var all = Starts;
        return Entries[all[bucket]..all[bucket + 1]];
    }

    /// <summary>
    /// Hash of an essential name: the CRC-32C of its bytes and of the zeros that fill the last 32. The same on every machine, so that an index may be kept in a file.
    /// </summary>
    public static uint Hash(ReadOnlySpan<byte> name)
    {
        var hash = 0u;
        for (; name.Length >= Vector256<byte>.Count; name = name[Vector256<byte>.Count..]) hash = Mix(hash, Vector256.Create(name));
        if (name.IsEmpty) return hash;
        Span<byte> last = stackalloc byte[Vector256<byte>.Count];
        last.Clear();
        name.CopyTo(last);
        return Mix(hash, Vector256.Create<byte>(last));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mix(uint hash, Vector256<byte> name)
    {
        var words = name.AsUInt64();
        return BitOperations.Crc32C(BitOperations.Crc32C(BitOperations.Crc32C(BitOperations.Crc32C(hash, words[0]), words[1]), words[2]), words[3]);
    }

    /// <summary>The types that are covered and have a name.</summary>
    /// <param name="types">All types.</param>
    /// <param name="named">Gets them, with the offset of the name in place of its hash.</param>
    /// <returns>How many there are.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // as BtfScan
    private static int Find(BtfTypes types, Span<NameEntry> named)
    {
        var words = types.Words;
        var id = types.FirstId;
        var count = 0;
        foreach (var at in types.WordOffsets)
        {
            // Written in any case, and stays where it counts: the processor has nothing to guess.
            var type = types.Type(id, words.Slice(at, BtfShape.Head));
            named[count] = new(type.NameOffset, id++);
            count += (int)(Covered >> (int)type.Kind) & (type.Kind <= BtfKinds.Last ? 1 : 0) & (type.NameOffset != 0 ? 1 : 0);
        }
        return count;
    }

    /// <summary>Puts hashes in place of the names' offsets, and leaves out empty names.</summary>
    /// <returns>How many are left.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // as BtfScan
    private static int Hash(BtfTypes types, Span<NameEntry> named)
    {
        var strings = types.Strings;
        var firstString = types.StringsEnd - (uint)strings.Length;
        var count = 0;
        foreach (var (offset, id) in named)
        {
            if (offset < firstString || !TryHash(strings[(int)(offset - firstString)..], out var hash))
            {
                var name = types.Name(offset);
                if (name.IsEmpty) continue;
                hash = Hash(EssentialName.Of(name));
            }
            named[count++] = new(hash, id);
        }
        return count;
    }

    /// <summary>Hashes what most names are: short, and without a flavour.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryHash(ReadOnlySpan<byte> strings, out uint hash)
    {
        hash = 0;
        if (strings.Length < Vector256<byte>.Count) return false;
        var name = Vector256.Create(strings);
        var ends = Vector256.Equals(name, Vector256<byte>.Zero).ExtractMostSignificantBits();
        var underscores = Vector256.Equals(name, Vector256.Create((byte)'_')).ExtractMostSignificantBits();
        var length = BitOperations.TrailingZeroCount(ends);
        if (length is 0 or 32 || (underscores & (underscores >> 1) & (underscores >> 2) & ((1u << length) - 1)) != 0) return false;
        hash = Mix(0, name & Vector256.GreaterThan(Vector256.Create((byte)length), Vector256<byte>.Indices));
        return true;
    }

    private static NameIndex Sort(ReadOnlySpan<NameEntry> named)
    {
        var buckets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(named.Length / EntriesPerBucket, 1));
        var mask = (uint)buckets - 1;
        var startBytes = new byte[(buckets + 1) * sizeof(int)];
        var starts = MemoryMarshal.Cast<byte, int>(startBytes.AsSpan());
        // Counted one bucket too far, so that a bucket's own place is free to count up while it is filled, and then holds where it ends.
        var ends = starts[1..];
        foreach (var entry in named)
            if ((int)(entry.Hash & mask) + 1 is var next && next < buckets) ends[next]++;
        for (var b = 1; b < buckets; b++) ends[b] += ends[b - 1];

        var entryBytes = GC.AllocateUninitializedArray<byte>(named.Length * NameEntry.Size);
        var entries = MemoryMarshal.Cast<byte, NameEntry>(entryBytes.AsSpan());
        foreach (var entry in named) entries[ends[(int)(entry.Hash & mask)]++] = entry;
        return new(startBytes, entryBytes);
    }
}

/// <summary>A type with a name.</summary>
/// <param name="Hash">Hash of its essential name.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct NameEntry(uint Hash, uint Id)
{
    public const int Size = 8;
}
