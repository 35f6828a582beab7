using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Relo.Core.Btf;

/// <summary>
/// Finds types by essential name without reading all of them. A hash table in two arrays: bucket b holds <c>entries[starts[b] .. starts[b +
/// 1]]</c>, ids ascending, so that candidates are in id order as in libbpf's scan. An entry has the whole hash, so that names that only
/// share the bucket need no access to types or strings.
/// </summary>
/// <remarks>
/// Functions, variables, data sections and tags are half of a kernel's types and never the root of a compiler's relocation, so they are
/// left out (<see cref="Covers"/>).
/// </remarks>
/// <param name="starts">Four bytes each, in the machine's order, as in the file.</param>
/// <param name="entries">Eight bytes each.</param>
internal sealed class NameIndex(ReadOnlyMemory<byte> starts, ReadOnlyMemory<byte> entries)
{
    private const int EntriesPerBucket = 4;

    private readonly uint _mask = (uint)(starts.Length / sizeof(int)) - 2;

    /// <summary>Where each bucket begins, with one entry more than buckets. The number of buckets is a power of two.</summary>
    public ReadOnlySpan<int> Starts => MemoryMarshal.Cast<byte, int>(starts.Span);

    public ReadOnlySpan<NameEntry> Entries => MemoryMarshal.Cast<byte, NameEntry>(entries.Span);

    public static bool Covers(BtfKind kind) => KindLayout.Of(kind) is { IsIndexed: true };

    /// <summary>Entries, ids ascending. Those with the hash may have the name: the caller compares.</summary>
    public ReadOnlySpan<NameEntry> Bucket(uint hash)
    {
        var bucket = (int)(hash & _mask);
        var all = Starts;
        return Entries[all[bucket]..all[bucket + 1]];
    }

    /// <summary>
    /// Hash of an essential name: the CRC-32C of its bytes and of the zeros that pad it to 32. The same on every machine, so that
    /// an index may be kept in a file.
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
        hash = BitOperations.Crc32C(BitOperations.Crc32C(hash, words[0]), words[1]);
        return BitOperations.Crc32C(BitOperations.Crc32C(hash, words[2]), words[3]);
    }

    /// <summary>Replaces the name offset of each entry by the hash of the essential name, and drops empty names.</summary>
    /// <returns>The number of remaining entries.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // as BtfScan
    public static int Hash(BtfSection btf, Span<NameEntry> named)
    {
        var strings = btf.Strings;
        var firstString = btf.FirstString;
        var count = 0;
        foreach (var (offset, id) in named)
        {
            if (offset < firstString || !TryHash(strings[(int)(offset - firstString)..], out var hash))
            {
                var name = btf.Name(offset);
                if (name.IsEmpty) continue;
                hash = Hash(EssentialName.Of(name));
            }
            named[count++] = new(hash, id);
        }
        return count;
    }

    /// <summary>Hashes the usual kind of name: short, and without a flavour.</summary>
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

    /// <summary>The number of buckets for a number of names.</summary>
    public static int BucketsFor(int names) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(names / EntriesPerBucket, 1));

    /// <summary>Builds the index.</summary>
    /// <param name="hashed">Its entries, ids ascending.</param>
    /// <param name="starts">Receives <see cref="Starts"/>; zeros at first.</param>
    /// <param name="entries">Receives <see cref="Entries"/>.</param>
    public static void Sort(ReadOnlySpan<NameEntry> hashed, Span<int> starts, Span<NameEntry> entries)
    {
        var mask = (uint)starts.Length - 2;
        // Counts are stored one bucket too far: the end of an empty bucket is its start, and it moves up while the bucket is filled.
        var ends = starts[1..];
        foreach (var entry in hashed)
            if ((int)(entry.Hash & mask) + 1 is var next && next < ends.Length) ends[next]++;
        for (var b = 1; b < ends.Length; b++) ends[b] += ends[b - 1];
        foreach (var entry in hashed) entries[ends[(int)(entry.Hash & mask)]++] = entry;
    }
}
