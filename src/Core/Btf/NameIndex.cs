using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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

    private readonly uint _mask = (uint)(starts.Length / sizeof(int)) - 2;

    /// <summary>Where each bucket begins; one more than there are buckets, which are a power of two.</summary>
    public ReadOnlySpan<int> Starts => MemoryMarshal.Cast<byte, int>(starts.Span);

    public ReadOnlySpan<NameEntry> Entries => MemoryMarshal.Cast<byte, NameEntry>(entries.Span);

    public static bool Covers(BtfKind kind) => kind is not (BtfKind.Func or BtfKind.Var or BtfKind.DataSec or BtfKind.DeclTag or BtfKind.TypeTag) && kind <= BtfKinds.Last;

    public static NameIndex Build(BtfTypes types)
    {
        var own = types.WordOffsets.Length;
        var named = ArrayPool<NameEntry>.Shared.Rent(own);
        try
        {
            return Sort(named.AsSpan(0, Hash(types, named)));
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

    /// <summary>Hash of an essential name. A plain multiplicative one, eight bytes a step; the same on every machine, so that an index may be kept in a file.</summary>
    public static uint Hash(ReadOnlySpan<byte> name)
    {
        var hash = (ulong)name.Length * 0x9e3779b97f4a7c15;
        for (var at = 0; at + 8 < name.Length; at += 8) hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(name[at..]));
        return (uint)(Mix(hash ^ Last(name)) >> 32);

        static ulong Mix(ulong x)
        {
            x *= 0xff51afd7ed558ccd;
            return x ^ (x >> 29);
        }
    }

    /// <summary>The last eight bytes, which may have been mixed in already; of short names all.</summary>
    private static ulong Last(ReadOnlySpan<byte> name)
    {
        if (name.Length >= 8) return BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
        if (name.Length >= 4) return BinaryPrimitives.ReadUInt32LittleEndian(name) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]) << 32);
        return name.Length == 0 ? 0 : name[0] | ((ulong)name[name.Length / 2] << 8) | ((ulong)name[^1] << 16);
    }

    /// <returns>How many have a name that counts.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // as BtfScan
    private static int Hash(BtfTypes types, NameEntry[] named)
    {
        var words = types.Words;
        var offsets = types.WordOffsets;
        var strings = types.Strings;
        var firstString = types.StringsEnd - (uint)strings.Length;
        var count = 0;
        for (var i = 0; i < offsets.Length; i++)
        {
            var type = types.Type(types.FirstId + (uint)i, words.Slice(offsets[i], 3));
            if (type.NameOffset == 0 || !Covers(type.Kind)) continue;
            var name = type.NameOffset < firstString ? types.Name(type.NameOffset) : BtfTypes.NameAt(strings, type.NameOffset - firstString);
            if (!name.IsEmpty) named[count++] = new(Hash(EssentialName.Of(name)), type.Id);
        }
        return count;
    }

    private static NameIndex Sort(ReadOnlySpan<NameEntry> named)
    {
        var buckets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(named.Length / EntriesPerBucket, 1));
        var mask = (uint)buckets - 1;
        var startBytes = new byte[(buckets + 1) * sizeof(int)];
        var starts = MemoryMarshal.Cast<byte, int>(startBytes.AsSpan());
        foreach (var entry in named) starts[(int)(entry.Hash & mask) + 1]++;
        for (var b = 0; b < buckets; b++) starts[b + 1] += starts[b];

        var entryBytes = GC.AllocateUninitializedArray<byte>(named.Length * NameEntry.Size);
        var entries = MemoryMarshal.Cast<byte, NameEntry>(entryBytes.AsSpan());
        var next = starts[..buckets].ToArray();
        foreach (var entry in named) entries[next[(int)(entry.Hash & mask)]++] = entry;
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
