using System.Numerics;
using System.Runtime.InteropServices;
using Relo.Core.Bytes;

namespace Relo.Core.Btf;

/// <summary>
/// The index of a BTF as a file: with it, the BTF opens again without a pass over its types.
/// <code>
/// head | where each type begins | name index: starts | name index: entries | symbol index
/// </code>
/// </summary>
/// <remarks>
/// The byte order is the machine's, which the magic shows. The checksum covers the whole file; checking it takes a tenth of a millisecond.
/// The bytes of the BTF are not checked again: the index names their digest, and <see cref="BtfIndexKey.Stamp"/> shows that they are
/// unchanged.
/// </remarks>
public static class BtfIndexFile
{
    /// <summary>Reads BTF, as <see cref="BtfReader"/> does, and builds its index.</summary>
    /// <param name="btf">The BTF; kept, not copied.</param>
    /// <param name="key">The BTF that the index belongs to.</param>
    /// <param name="splitBase">The base of split BTF (a module's).</param>
    /// <param name="types">The BTF, opened with its index.</param>
    /// <returns>The index.</returns>
    /// <exception cref="MalformedObjectException">The bytes are not valid BTF (code <c>invalid-btf</c>).</exception>
    public static byte[] Make(ReadOnlyMemory<byte> btf, BtfIndexKey key, BtfTypes? splitBase, out BtfTypes types)
    {
        types = BtfReader.Read(btf, splitBase, BtfIndexHead.Size, out var parts);
        byte[] file = [.. parts, .. types.Symbols.Bytes];
        BtfIndexHead.Of(types, key).Seal(file);
        return file;
    }

    /// <summary>Builds the index of opened BTF.</summary>
    public static byte[] Write(BtfTypes types, BtfIndexKey key)
    {
        var offsets = MemoryMarshal.AsBytes(types.WordOffsets);
        var starts = MemoryMarshal.AsBytes(types.Index.Starts);
        var entries = MemoryMarshal.AsBytes(types.Index.Entries);
        var symbols = types.Symbols.Bytes;
        var file = new byte[BtfIndexHead.Size + offsets.Length + starts.Length + entries.Length + symbols.Length];
        var at = file.AsSpan(BtfIndexHead.Size);
        offsets.CopyTo(at);
        starts.CopyTo(at[offsets.Length..]);
        entries.CopyTo(at[(offsets.Length + starts.Length)..]);
        symbols.CopyTo(file.AsSpan(file.Length - symbols.Length));
        BtfIndexHead.Of(types, key).Seal(file);
        return file;
    }

    /// <summary>Opens BTF with its index, without reading types or names.</summary>
    /// <param name="index">The result of <see cref="Write"/>; kept, not copied.</param>
    /// <param name="btf">The BTF; kept, not copied. Its bytes must have the digest in <paramref name="key"/>.</param>
    /// <param name="key">The BTF that the index must belong to.</param>
    /// <param name="splitBase">The base of split BTF (a module's).</param>
    /// <returns>Null if the index is damaged, or of another version of this program or another BTF; the caller then rebuilds it.</returns>
    /// <exception cref="MalformedObjectException">The BTF header is invalid, so these are not the indexed bytes.</exception>
    public static BtfTypes? Open(ReadOnlyMemory<byte> index, ReadOnlyMemory<byte> btf, BtfIndexKey key, BtfTypes? splitBase = null)
    {
        if (BtfIndexHead.Read(index.Span) is not { } head || !head.IsOf(key, btf.Length) || head.FirstId != (uint)(splitBase?.Count ?? 1))
            return null;
        if (head.FileSize != index.Length || head.Checksum != Crc.Of(index.Span[BtfIndexHead.CheckedFrom..])) return null;
        var offsets = index.Slice(BtfIndexHead.Size, (int)head.OffsetBytes);
        var starts = index.Slice(BtfIndexHead.Size + offsets.Length, (int)head.StartBytes);
        var names = new NameIndex(starts, index[(BtfIndexHead.Size + offsets.Length + starts.Length)..(int)head.SymbolsAt]);
        var symbols = index[(int)head.SymbolsAt..];
        var types = new BtfTypes(
            btf, BtfReader.ReadHeader(btf.Span, splitBase), offsets, names, splitBase, (int)head.PointerSize,
            own => SymbolIndex.Open(own, symbols) ?? SymbolIndex.Of(own));
        return IsWithin(types, head) ? types : null;
    }

    /// <summary>
    /// Whether an index equals the result of <see cref="Write"/>, for a caller that opened the BTF without it. An index of another version
    /// is sound, because it is never used.
    /// </summary>
    /// <param name="index">The index.</param>
    /// <param name="types">The BTF.</param>
    /// <param name="key">The BTF that the index must belong to, with any stamp.</param>
    public static bool IsSound(ReadOnlySpan<byte> index, BtfTypes types, BtfIndexKey key) => BtfIndexHead.Read(index) is { } head
        ? index.SequenceEqual(Write(types, key with { Stamp = head.Stamp }))
        : BtfIndexHead.IsOfAnotherVersion(index);

    // A file with the right checksum may still be forged: its contents may be wrong, but must not point outside.
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
