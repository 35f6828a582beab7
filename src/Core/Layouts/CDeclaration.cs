using System.Globalization;
using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>
/// Writes the C declaration of something of a BTF type: <c>int (*name)(struct file *, long unsigned int)</c>.
/// </summary>
/// <param name="types">The BTF.</param>
/// <param name="spelling">How it spells the types it refers to.</param>
internal sealed class CDeclaration(BtfTypes types, CSpelling spelling)
{
    // Untrusted types may refer to themselves, or each to two others, and so on. No declaration of a kernel comes near the limit.
    private const int MaxSteps = 2048, MaxDepth = 64;

    private const string Attribute = "__attribute__";

    private int _steps;

    /// <summary>The declaration for people: an anonymous struct is <c>struct {…}</c>, and type tags are left out.</summary>
    /// <param name="types">The BTF.</param>
    /// <param name="typeId">The type.</param>
    /// <param name="name">The declared name; empty for the type alone.</param>
    public static string Of(BtfTypes types, uint typeId, string name = "") => Of(types, typeId, name, new ShortSpelling(types));

    /// <summary>The declaration in another spelling.</summary>
    public static string Of(BtfTypes types, uint typeId, string name, CSpelling spelling) =>
        new CDeclaration(types, spelling).Write(typeId, name, 0);

    private string Write(uint typeId, string declarator, int depth)
    {
        if (++_steps > MaxSteps || depth > MaxDepth) return Join(spelling.TooMuch(), declarator);
        var type = types[typeId];
        switch (type.Kind)
        {
            case BtfKind.Void: return Join("void", declarator);
            case BtfKind.Ptr: return Write(type.SizeOrType, "*" + declarator, depth + 1);
            case BtfKind.Array:
                var array = types.Array(type);
                return Write(array.ElementTypeId, Dimensioned(declarator, array), depth + 1);
            case BtfKind.FuncProto: return Write(type.SizeOrType, $"{Grouped(declarator)}({Parameters(type, depth)})", depth + 1);
            case BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict: return Qualified(type.Kind, type.SizeOrType, declarator, depth + 1);
            case BtfKind.TypeTag: return Write(type.SizeOrType, Tagged(spelling.Tag(type), declarator), depth + 1);
            case BtfKind.Func or BtfKind.Var: return Write(type.SizeOrType, declarator, depth + 1);
            default: return Join(spelling.Type(type), declarator);
        }
    }

    // "const" belongs to the pointer where it qualifies one, to the elements of an array, else before the type.
    private string Qualified(BtfKind qualifier, uint typeId, string declarator, int depth)
    {
        var type = types[typeId];
        if (type.Kind == qualifier) return Write(typeId, declarator, depth);
        var word = qualifier.LibbpfName();
        if (type.Kind == BtfKind.Ptr) return Write(typeId, Join(word, declarator), depth);
        if (type.Kind != BtfKind.Array || depth > MaxDepth) return $"{word} {Write(typeId, declarator, depth)}";
        var array = types.Array(type);
        return Qualified(qualifier, array.ElementTypeId, Dimensioned(declarator, array), depth + 1);
    }

    private static string Dimensioned(string declarator, BtfArray array) =>
        string.Create(CultureInfo.InvariantCulture, $"{Grouped(declarator)}[{array.Length}]");

    private string Parameters(BtfType prototype, int depth)
    {
        if (prototype.Count == 0) return "void";
        var parameters = new List<string>();
        for (var i = 0; i < prototype.Count && _steps <= MaxSteps; i++)
        {
            var parameter = types.Parameter(prototype, i);
            // void as the last parameter is "..." (btf.rst)
            parameters.Add(parameter.TypeId == 0
                ? "..."
                : Write(parameter.TypeId, spelling.Parameter(parameter.NameOffset), depth + 1));
        }

        return string.Join(", ", parameters);
    }

    // [] and () bind nearer than the * of a pointer.
    private static string Grouped(string declarator) =>
        declarator.StartsWith('*') || declarator.StartsWith(Attribute, StringComparison.Ordinal) ? $"({declarator})" : declarator;

    private static string Tagged(string tag, string declarator) => tag.Length == 0 ? declarator : Join(tag, declarator);

    private static string Join(string type, string declarator) => declarator.Length == 0 || declarator[0] == '['
        ? type + declarator
        : $"{type} {declarator}";
}
