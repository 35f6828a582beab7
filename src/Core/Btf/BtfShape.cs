using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Relo.Core.Btf;

/// <summary>
/// Of which words a type of each kind consists (btf_type_size, btf_type_visit_type_ids and btf_type_visit_str_offs of libbpf).
/// <code>
/// head: name, info, size or type | once | for each element
/// </code>
/// </summary>
internal static class BtfShape
{
    /// <summary>Words of the head.</summary>
    public const int Head = 3;

    /// <summary>The kinds that are known, 0, and one for all that are not.</summary>
    public const int Kinds = (int)BtfKinds.Last + 2;

    /// <summary>
    /// Vectors for each kind: the first for the first eight words, three for all that follow in turns. Elements have two or three words, so that a name
    /// or an id always comes to stand at the same place.
    /// </summary>
    public const int Vectors = 4;

    /// <summary>
    /// For each kind that is known, in bits: 0–1 words of an element, 2–4 words before the elements, 5 whether it goes on to another type as modifiers,
    /// typedefs and arrays do.
    /// </summary>
    public static ReadOnlySpan<byte> Packed =>
    [
        0, 4 << 2, 3 << 2, 1 << 5 | 6 << 2, 3 << 2 | 3, 3 << 2 | 3, 3 << 2 | 2, 3 << 2, 1 << 5 | 3 << 2, 1 << 5 | 3 << 2,
        1 << 5 | 3 << 2, 1 << 5 | 3 << 2, 3 << 2, 3 << 2 | 2, 4 << 2, 3 << 2 | 3, 3 << 2, 4 << 2, 1 << 5 | 3 << 2, 3 << 2 | 3, 0,
    ];

    public static void Note(Span<Vector256<uint>> largest, int kind, ReadOnlySpan<uint> type)
    {
        var all = MemoryMarshal.Cast<Vector256<uint>, uint>(largest.Slice(Math.Min(kind, Kinds - 1) * Vectors, Vectors));
        for (var word = 0; word < type.Length; word++)
        {
            ref var l = ref all[word < all.Length ? word : 8 + ((word - 8) % 24)];
            l = Math.Max(l, type[word]);
        }
    }

    /// <summary>The largest name and the largest type that are referred to.</summary>
    /// <param name="largest">Of each kind the largest word at each place.</param>
    public static (uint Name, uint Id) Largest(ReadOnlySpan<Vector256<uint>> largest)
    {
        var (name, id) = (0u, 0u);
        for (var kind = 0; kind < Kinds; kind++)
        {
            for (var word = 0; word < Vectors * Vector256<uint>.Count; word++)
            {
                var value = largest[(kind * Vectors) + (word / Vector256<uint>.Count)][word % Vector256<uint>.Count];
                if (IsName((BtfKind)kind, word)) name = Math.Max(name, value);
                else if (IsId((BtfKind)kind, word)) id = Math.Max(id, value);
            }
        }
        return (name, id);
    }

    private static bool IsName(BtfKind kind, int word) => word == 0 || (word >= Head && kind switch
    {
        BtfKind.Struct or BtfKind.Union or BtfKind.Enum64 => word % 3 == 0,
        BtfKind.Enum or BtfKind.FuncProto => (word - Head) % 2 == 0,
        _ => false,
    });

    private static bool IsId(BtfKind kind, int word) => kind switch
    {
        BtfKind.Ptr or BtfKind.Typedef or BtfKind.Volatile or BtfKind.Const or BtfKind.Restrict or BtfKind.Func or BtfKind.Var or BtfKind.DeclTag or BtfKind.TypeTag => word == 2,
        BtfKind.FuncProto => word == 2 || (word > Head && word % 2 == 0),
        BtfKind.Array => word is 3 or 4,
        BtfKind.Struct or BtfKind.Union => word > Head && word % 3 == 1,
        BtfKind.DataSec => word >= Head && word % 3 == 0,
        _ => false,
    };
}
