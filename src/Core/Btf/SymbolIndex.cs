using System.Runtime.InteropServices;

namespace Relo.Core.Btf;

/// <summary>
/// Finds functions and variables by name, which <see cref="NameIndex"/> leaves out: only objects that attach to functions or use symbols of
/// the kernel need it. A hash table as there, without the hashes: the names in a bucket are compared.
/// <code>
/// what there is 4 | symbols 4 | where each bucket begins, 4 each | ids, 4 each, ascending in a bucket
/// </code>
/// </summary>
internal sealed class SymbolIndex
{
    private const int HeadWords = 2;
    private const int Functions = 1, Variables = 2;

    private readonly BtfTypes _types;
    private readonly ReadOnlyMemory<byte> _bytes;

    private SymbolIndex(BtfTypes types, ReadOnlyMemory<byte> bytes) => (_types, _bytes) = (types, bytes);

    /// <summary>Whether there is any function; BTF made from debug information may have none.</summary>
    public bool HasFunctions => (Words[0] & Functions) != 0;

    /// <summary>Whether there is any variable.</summary>
    public bool HasVariables => (Words[0] & Variables) != 0;

    /// <summary>As a file has it, in the byte order of the machine.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    private ReadOnlySpan<int> Words => MemoryMarshal.Cast<byte, int>(_bytes.Span);

    /// <summary>Indexes the own functions and variables of <paramref name="types"/>, in one pass over the types.</summary>
    public static SymbolIndex Of(BtfTypes types)
    {
        var named = new List<NameEntry>();
        var (has, id) = (0, types.FirstId);
        var words = types.Words;
        foreach (var at in types.WordOffsets)
        {
            var type = types.Type(id++, words.Slice(at, 3));
            if (type.Kind is not (BtfKind.Func or BtfKind.Var)) continue;
            has |= type.Kind == BtfKind.Func ? Functions : Variables;
            named.Add(new(NameIndex.Hash(types.Name(type.NameOffset)), type.Id));
        }

        var index = new int[HeadWords + NameIndex.BucketsFor(named.Count) + 1 + named.Count];
        var sorted = new NameEntry[named.Count];
        NameIndex.Sort(CollectionsMarshal.AsSpan(named), index.AsSpan(HeadWords..^named.Count), sorted);
        (index[0], index[1]) = (has, named.Count);
        var ids = index.AsSpan(index.Length - named.Count);
        for (var i = 0; i < ids.Length; i++) ids[i] = (int)sorted[i].Id;
        return new(types, MemoryMarshal.AsBytes<int>(index).ToArray());
    }

    /// <summary>Opens <see cref="Bytes"/> of the same types; kept, not copied.</summary>
    /// <returns>Null if they point outside: a file with the right checksum may still be forged.</returns>
    public static SymbolIndex? Open(BtfTypes types, ReadOnlyMemory<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, int>(bytes.Span);
        if (words.Length < HeadWords || words[1] is < 0 or > 1 << 28) return null;
        var buckets = NameIndex.BucketsFor(words[1]);
        if (bytes.Length != sizeof(int) * (HeadWords + buckets + 1L + words[1])) return null;
        var starts = words.Slice(HeadWords, buckets + 1);
        if (starts[0] != 0 || starts[^1] != words[1]) return null;
        for (var bucket = 0; bucket < buckets; bucket++)
            if (starts[bucket + 1] < starts[bucket]) return null;
        foreach (var id in words[(HeadWords + starts.Length)..])
            if ((uint)id - types.FirstId >= (uint)types.WordOffsets.Length) return null;
        return new(types, bytes);
    }

    /// <summary>Adds the ids of all functions and variables of this name.</summary>
    public void AddIds(ReadOnlySpan<byte> name, HashSet<uint> ids)
    {
        foreach (var id in Bucket(name))
            if (_types.NameEquals(_types[(uint)id].NameOffset, name)) ids.Add((uint)id);
    }

    /// <summary>The first function or variable of this name; null if there is none.</summary>
    public BtfType? Find(ReadOnlySpan<byte> name)
    {
        foreach (var id in Bucket(name))
            if (_types[(uint)id] is { Kind: BtfKind.Func or BtfKind.Var } type && _types.NameEquals(type.NameOffset, name)) return type;
        return null;
    }

    private ReadOnlySpan<int> Bucket(ReadOnlySpan<byte> name)
    {
        var words = Words;
        var buckets = NameIndex.BucketsFor(words[1]);
        var starts = words.Slice(HeadWords, buckets + 1);
        var ids = words[(HeadWords + starts.Length)..];
        var bucket = (int)(NameIndex.Hash(name) & (uint)(buckets - 1));
        return ids[starts[bucket]..starts[bucket + 1]];
    }
}
