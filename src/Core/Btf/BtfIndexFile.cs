using System.Numerics;
using System.Runtime.InteropServices;
using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>
/// What opening a BTF finds out about it, as bytes to keep beside it: with them it is opened again without being read.
/// <code>
/// head | where each type begins | name index: starts | name index: entries
/// </code>
/// </summary>
/// <remarks>
/// In the byte order of the machine, which the magic shows. The checksum is over all of it and looked at each time: that takes a tenth of a
/// millisecond, which is less than remembering when it was done last would be worth. The BTF's own bytes are not looked at, which is
/// what the index is for: it holds for the bytes with the digest it names, and <see cref="BtfIndexKey.Stamp"/> says that those are still there.
/// </remarks>
public static class BtfIndexFile
{
    /// <summary>Reads BTF, as <see cref="BtfReader"/> does, and makes its index.</summary>
    /// <param name="btf">The BTF; kept, not copied.</param>
    /// <param name="key">What the index is of.</param>
    /// <param name="splitBase">The BTF that split BTF (a module's) stands on.</param>
    /// <param name="types">The BTF, opened with its index.</param>
    /// <returns>The index.</returns>
    /// <exception cref="MalformedObjectException">The bytes are no sound BTF (code <c>invalid-btf</c>).</exception>
    public static byte[] Make(ReadOnlyMemory<byte> btf, BtfIndexKey key, BtfTypes? splitBase, out BtfTypes types)
    {
        types = BtfReader.Read(btf, splitBase, BtfIndexHead.Size, out var file);
        BtfIndexHead.Of(types, key).Seal(file);
        return file;
    }

    /// <summary>Makes the index of opened BTF.</summary>
    public static byte[] Write(BtfTypes types, BtfIndexKey key)
    {
        var offsets = MemoryMarshal.AsBytes(types.WordOffsets);
        var starts = MemoryMarshal.AsBytes(types.Index.Starts);
        var entries = MemoryMarshal.AsBytes(types.Index.Entries);
        var file = new byte[BtfIndexHead.Size + offsets.Length + starts.Length + entries.Length];
        var at = file.AsSpan(BtfIndexHead.Size);
        offsets.CopyTo(at);
        starts.CopyTo(at[offsets.Length..]);
        entries.CopyTo(at[(offsets.Length + starts.Length)..]);
        BtfIndexHead.Of(types, key).Seal(file);
        return file;
    }

    /// <summary>Opens BTF with its index: neither its types nor its names are gone through.</summary>
    /// <param name="index">What <see cref="Write"/> gave; kept, not copied.</param>
    /// <param name="btf">The BTF; kept as well. Its bytes must be those with the digest of <paramref name="key"/>.</param>
    /// <param name="key">What the index must be of.</param>
    /// <param name="splitBase">The BTF that split BTF (a module's) stands on.</param>
    /// <returns>Null where the index is damaged, of another version of this program or of another BTF: then it is to be made again.</returns>
    /// <exception cref="MalformedObjectException">The header of the BTF is not sound, so that these are not the bytes that the index was made of.</exception>
    public static BtfTypes? Open(ReadOnlyMemory<byte> index, ReadOnlyMemory<byte> btf, BtfIndexKey key, BtfTypes? splitBase = null)
    {
        if (BtfIndexHead.Read(index.Span) is not { } head || !head.IsOf(key, btf.Length) || head.FirstId != (uint)(splitBase?.Count ?? 1)) return null;
        if (head.FileSize != index.Length || head.Checksum != Crc.Of(index.Span[BtfIndexHead.CheckedFrom..])) return null;
        var offsets = index.Slice(BtfIndexHead.Size, (int)head.OffsetBytes);
        var starts = index.Slice(BtfIndexHead.Size + offsets.Length, (int)head.StartBytes);
        var names = new NameIndex(starts, index[(BtfIndexHead.Size + offsets.Length + starts.Length)..]);
        var types = new BtfTypes(btf, BtfReader.ReadHeader(btf.Span, splitBase), offsets, names, splitBase, (int)head.PointerSize);
        return IsWithin(types, head) ? types : null;
    }

    /// <summary>
    /// Whether an index is as <see cref="Write"/> would make it again, so that nothing it says can be wrong; one of another version of this program is,
    /// because it is not used. For who has opened the BTF without it.
    /// </summary>
    /// <param name="index">The index.</param>
    /// <param name="types">The BTF.</param>
    /// <param name="key">What the index must be of, with any stamp.</param>
    public static bool IsSound(ReadOnlySpan<byte> index, BtfTypes types, BtfIndexKey key) => BtfIndexHead.Read(index) is { } head
        ? index.SequenceEqual(Write(types, key with { Stamp = head.Stamp }))
        : BtfIndexHead.IsOfAnotherVersion(index);

    // A file of the right checksum that was not made here. What it says may be wrong, but it leads nowhere outside.
    private static bool IsWithin(BtfTypes types, BtfIndexHead head)
    {
        var starts = types.Index.Starts;
        if (starts[0] != 0 || (uint)starts[^1] != head.Entries) return false;
        for (var b = 1; b < starts.Length; b++)
            if (starts[b] < starts[b - 1]) return false;
        if (Largest(MemoryMarshal.Cast<int, uint>(types.WordOffsets)) + 3L > Math.Max(types.Words.Length, 3)) return false;
        foreach (var entry in types.Index.Entries)
            if (entry.Id - types.FirstId >= head.Types) return false;
        return true;
    }

    private static uint Largest(ReadOnlySpan<uint> values)
    {
        var largest = 0u;
        var vectors = MemoryMarshal.Cast<uint, Vector<uint>>(values);
        var all = Vector<uint>.Zero;
        foreach (var vector in vectors) all = Vector.Max(all, vector);
        for (var i = 0; i < Vector<uint>.Count; i++) largest = Math.Max(largest, all[i]);
        foreach (var value in values[(vectors.Length * Vector<uint>.Count)..]) largest = Math.Max(largest, value);
        return largest;
    }
}

/// <summary>Which BTF an index is of.</summary>
/// <param name="Btf">Digest of the BTF.</param>
/// <param name="Base">Digest of the BTF that it stands on, where it is split BTF.</param>
/// <param name="Stamp">What the caller knows of the bytes without reading them, such as when their file was written: an index with another one is not used.</param>
public readonly record struct BtfIndexKey(Digest Btf, Digest? Base, long Stamp);
