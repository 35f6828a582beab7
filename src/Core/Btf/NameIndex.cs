using System.Buffers.Binary;
using System.Numerics;

namespace Relo.Core.Btf;

/// <summary>
/// Finds types by essential name without looking at all of them. A hash table in two arrays: bucket b holds the ids
/// <c>ids[starts[b] .. starts[b + 1]]</c>, ascending, so that candidates come in id order as libbpf's scan gives them.
/// </summary>
/// <remarks>
/// Functions, variables, data sections and tags are half of a kernel's types and never the root of a relocation that
/// compilers emit; they are left out, and <see cref="Covers"/> says so.
/// </remarks>
internal sealed class NameIndex
{
    private readonly int[] _starts;
    private readonly uint[] _ids;
    private readonly int _mask;

    private NameIndex(int[] starts, uint[] ids)
    {
        _starts = starts;
        _ids = ids;
        _mask = starts.Length - 2;
    }

    public static bool Covers(BtfKind kind) => kind is not (BtfKind.Func or BtfKind.Var or BtfKind.DataSec or BtfKind.DeclTag or BtfKind.TypeTag) && kind <= BtfKinds.Last;

    public static NameIndex Build(BtfTypes types)
    {
        var own = types.Count - (int)types.FirstId;
        var hashes = new uint[own];
        var named = new bool[own];
        var count = 0;
        for (var i = 0; i < own; i++)
        {
            var type = types[types.FirstId + (uint)i];
            if (!Covers(type.Kind)) continue;
            var name = types.Name(type.NameOffset);
            if (name.IsEmpty) continue;
            named[i] = true;
            hashes[i] = Hash(EssentialName.Of(name));
            count++;
        }

        var buckets = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 1));
        var starts = new int[buckets + 1];
        for (var i = 0; i < own; i++)
            if (named[i]) starts[(int)(hashes[i] & (uint)(buckets - 1)) + 1]++;
        for (var b = 0; b < buckets; b++) starts[b + 1] += starts[b];

        var ids = new uint[count];
        var next = starts.AsSpan(0, buckets).ToArray();
        for (var i = 0; i < own; i++)
            if (named[i]) ids[next[(int)(hashes[i] & (uint)(buckets - 1))]++] = types.FirstId + (uint)i;
        return new(starts, ids);
    }

    /// <summary>Ids, ascending, of which some have the essential name: the caller compares.</summary>
    public ReadOnlySpan<uint> Bucket(ReadOnlySpan<byte> essentialName)
    {
        var bucket = (int)(Hash(essentialName) & (uint)_mask);
        return _ids.AsSpan(_starts[bucket], _starts[bucket + 1] - _starts[bucket]);
    }

    /// <summary>A plain multiplicative hash, eight bytes a step; the same on every machine, so that an index may be kept in a file.</summary>
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = (ulong)bytes.Length * 0x9e3779b97f4a7c15;
        for (; bytes.Length >= 8; bytes = bytes[8..]) hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        ulong tail = 0;
        foreach (var b in bytes) tail = (tail << 8) | b;
        hash = Mix(hash ^ tail);
        return (uint)(hash >> 32);

        static ulong Mix(ulong x)
        {
            x *= 0xff51afd7ed558ccd;
            return x ^ (x >> 29);
        }
    }
}
