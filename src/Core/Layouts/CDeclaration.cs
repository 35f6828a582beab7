using System.Globalization;
using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>
/// Writes the C declaration of something of a BTF type: <c>int (*name)(struct file *, long unsigned int)</c>. An anonymous struct, union or
/// enum is written <c>struct {…}</c>. Attributes (type tags) are left out.
/// </summary>
/// <param name="types">The BTF.</param>
internal sealed class CDeclaration(BtfTypes types)
{
    // Types of strangers may refer to themselves, or to two others that do the same again. No declaration of a kernel comes near.
    private const int MaxSteps = 2048, MaxDepth = 64;

    private int _steps;

    /// <summary>The declaration.</summary>
    /// <param name="types">The BTF.</param>
    /// <param name="typeId">The type.</param>
    /// <param name="name">The declared name; empty for the type alone.</param>
    public static string Of(BtfTypes types, uint typeId, string name = "") => new CDeclaration(types).Write(typeId, name, 0);

    private string Write(uint typeId, string declarator, int depth)
    {
        if (++_steps > MaxSteps || depth > MaxDepth) return Join("…", declarator);
        var type = types[typeId];
        switch (type.Kind)
        {
            case BtfKind.Void: return Join("void", declarator);
            case BtfKind.Ptr:
                var pointer = "*" + declarator;
                var bindsNearer = types[type.SizeOrType].Kind is BtfKind.Array or BtfKind.FuncProto;
                return Write(type.SizeOrType, bindsNearer ? $"({pointer})" : pointer, depth + 1);
            case BtfKind.Array:
                var array = types.Array(type);
                return Write(array.ElementTypeId, string.Create(CultureInfo.InvariantCulture, $"{declarator}[{array.Length}]"), depth + 1);
            case BtfKind.FuncProto: return Write(type.SizeOrType, $"{declarator}({Parameters(type, depth)})", depth + 1);
            case BtfKind.Const: return Qualified("const", type.SizeOrType, declarator, depth);
            case BtfKind.Volatile: return Qualified("volatile", type.SizeOrType, declarator, depth);
            case BtfKind.Restrict: return Qualified("restrict", type.SizeOrType, declarator, depth);
            case BtfKind.TypeTag: return Write(type.SizeOrType, declarator, depth + 1);
            case BtfKind.Func or BtfKind.Var: return Write(type.SizeOrType, declarator, depth + 1);
            default: return Join(NameOf(type), declarator);
        }
    }

    // "const" belongs to the pointer where it qualifies one, else before the type.
    private string Qualified(string qualifier, uint typeId, string declarator, int depth) => types[typeId].Kind == BtfKind.Ptr
        ? Write(typeId, Join(qualifier, declarator), depth + 1)
        : $"{qualifier} {Write(typeId, declarator, depth + 1)}";

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
                : Write(parameter.TypeId, LayoutBudget.Cut(types, parameter.NameOffset), depth + 1));
        }

        return string.Join(", ", parameters);
    }

    private string NameOf(BtfType type)
    {
        var name = type.NameOffset == 0 ? "{…}" : LayoutBudget.Cut(types, type.NameOffset);
        return TypeKind.KeywordOf(type) is { } keyword ? $"{keyword} {name}" : name;
    }

    private static string Join(string type, string declarator) => declarator.Length == 0 || declarator[0] == '['
        ? type + declarator
        : $"{type} {declarator}";
}
