using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>The words for kinds of types.</summary>
internal static class TypeKind
{
    // What a bare name means first, if there are several.
    private static readonly (string Word, BtfKind[] Kinds)[] ByWord =
    [
        ("struct", [BtfKind.Struct]), ("union", [BtfKind.Union]), ("enum", [BtfKind.Enum, BtfKind.Enum64]), ("typedef", [BtfKind.Typedef]),
        ("int", [BtfKind.Int]), ("float", [BtfKind.Float]), ("func", [BtfKind.Func]), ("var", [BtfKind.Var]),
    ];

    /// <summary>The words, in the order in which a bare name is looked for.</summary>
    public static IEnumerable<string> Words => ByWord.Select(entry => entry.Word);

    /// <summary>The word for a kind; null for kinds without a name of their own.</summary>
    public static string? Of(BtfKind kind) => ByWord.FirstOrDefault(entry => entry.Kinds.Contains(kind)).Word;

    /// <summary>The kinds of a word.</summary>
    public static IReadOnlyList<BtfKind> KindsOf(string word) => ByWord.First(entry => entry.Word == word).Kinds;

    /// <summary>How early a kind is looked for.</summary>
    public static int Rank(BtfKind kind) => Array.FindIndex(ByWord, entry => entry.Kinds.Contains(kind));

    /// <summary>The C keyword before the name of a type; null if there is none.</summary>
    public static string? KeywordOf(BtfType type) => type.Kind switch
    {
        BtfKind.Struct => "struct",
        BtfKind.Union => "union",
        BtfKind.Enum or BtfKind.Enum64 => "enum",
        BtfKind.Fwd => type.KindFlag ? "union" : "struct",
        _ => null,
    };
}
