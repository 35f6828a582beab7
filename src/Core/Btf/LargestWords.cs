using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Relo.Core.Btf;

/// <summary>
/// The largest words that were seen at each place in types of each kind, a vector at a time: which of them are names and which are types is asked once, at the end.
/// <code>
/// struct   name info size | name type offset | name type offset | …
/// vectors  0 1 2  3 4 5 6 7 · 8 … 15 · then three in turns, 24 words: elements have one, two or three, so each place stays a name or a type
/// </code>
/// </summary>
internal static class LargestWords
{
    /// <summary>Vectors at the beginning that every type has, if only in part.</summary>
    public const int First = 2;

    /// <summary>Vectors of a kind.</summary>
    public const int Vectors = First + 3;

    /// <summary>Vectors of all kinds: those that are known, and one for all others.</summary>
    public static int Size { get; } = ((int)KindLayout.Last + 2) * Vectors;

    private static readonly Vector256<uint>[] _names = Mask(KindLayout.IsName);
    private static readonly Vector256<uint>[] _ids = Mask(KindLayout.IsType);

    /// <summary>Takes a type in.</summary>
    public static void Note(Span<Vector256<uint>> largest, BtfKind kind, ReadOnlySpan<uint> type)
    {
        const int first = First * 8, all = Vectors * 8;
        var places = MemoryMarshal.Cast<Vector256<uint>, uint>(largest.Slice(Math.Min((int)kind, (int)KindLayout.Last + 1) * Vectors, Vectors));
        for (var word = 0; word < type.Length; word++)
        {
            ref var place = ref places[word < all ? word : first + ((word - first) % (all - first))];
            place = Math.Max(place, type[word]);
        }
    }

    /// <summary>The largest name and the largest type that any type refers to.</summary>
    public static (uint Name, uint Id) NameAndId(ReadOnlySpan<Vector256<uint>> largest)
    {
        var (names, ids) = (Vector256<uint>.Zero, Vector256<uint>.Zero);
        for (var v = 0; v < Size; v++)
        {
            names = Vector256.Max(names, largest[v] & _names[v]);
            ids = Vector256.Max(ids, largest[v] & _ids[v]);
        }
        return (Largest(names), Largest(ids));
    }

    private static uint Largest(Vector256<uint> words)
    {
        var largest = 0u;
        for (var i = 0; i < Vector256<uint>.Count; i++) largest = Math.Max(largest, words[i]);
        return largest;
    }

    private static Vector256<uint>[] Mask(Func<char, bool> counts) => [.. Enumerable.Range(0, Size).Select(v =>
        Vector256.Create([.. Enumerable.Range(0, 8).Select(lane => counts(Word((BtfKind)(v / Vectors), (v % Vectors * 8) + lane)) ? uint.MaxValue : 0)]))];

    // Of a kind that only the layout table knows, the name is all that is certain.
    private static char Word(BtfKind kind, int word) => KindLayout.Of(kind)?[word] ?? (word == 0 ? 'n' : '.');
}
