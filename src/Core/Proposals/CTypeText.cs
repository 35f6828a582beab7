using Relo.Core.Btf;

namespace Relo.Core.Proposals;

/// <summary>A type as C would write it in front of a member's name: <c>struct gendisk *</c>, <c>unsigned int</c>.</summary>
internal static class CTypeText
{
    // Deeper declarators are for functions and arrays of pointers, which are not spelt out.
    private const int MaxSteps = 16;

    /// <summary>The text; modifiers are left out, unnamed types are <c>struct {…}</c>.</summary>
    public static string Of(BtfTypes types, uint id)
    {
        var (stars, dimensions) = ("", "");
        for (var step = 0; step < MaxSteps; step++)
        {
            var type = types[id];
            var name = types.NameText(type.NameOffset);
            switch (type.Kind)
            {
                case BtfKind.Ptr:
                    stars += "*";
                    break;
                case BtfKind.Array:
                    dimensions += $"[{types.Array(type).Length}]";
                    id = types.Array(type).ElementTypeId;
                    continue;
                case BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag:
                    break;
                case BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Fwd:
                    return $"{Keyword(type)} {(name.Length == 0 ? "{…}" : name)}{Suffix(stars, dimensions)}";
                case BtfKind.FuncProto:
                    return $"void (*)(){dimensions}";
                default:
                    return $"{(name.Length == 0 ? "void" : name)}{Suffix(stars, dimensions)}";
            }
            id = type.SizeOrType;
        }
        return "…";
    }

    private static string Suffix(string stars, string dimensions) => $"{(stars.Length == 0 ? "" : " " + stars)}{dimensions}";

    private static string Keyword(BtfType type) => type.Kind switch
    {
        BtfKind.Struct => "struct",
        BtfKind.Union => "union",
        BtfKind.Fwd => type.KindFlag ? "union" : "struct",
        _ => "enum",
    };
}
