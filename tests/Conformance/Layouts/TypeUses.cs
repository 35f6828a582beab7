using Relo.Core.Btf;

namespace Relo.Conformance.Layouts;

/// <summary>A program that contains every named type, so that clang describes it.</summary>
internal static class TypeUses
{
    public static string Of(BtfTypes types) => "struct everything {\n" + string.Join('\n', NamedLayouts.Unique(types)
        .Where(one => one.Type.Count > 0)
        .Select((one, i) => $"{one.Layout.Kind} {one.Layout.Name} _{i};")) + "\n} everything;\n";
}
