using System.Text;
using System.Text.RegularExpressions;
using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Conformance.Layouts;

/// <summary>The layouts of structs and unions, and the values of enums, by the names of the types.</summary>
internal static partial class NamedLayouts
{
    /// <summary>Types with a name that no other struct, union or enum has.</summary>
    public static IEnumerable<(BtfType Type, TypeLayout Layout)> Unique(BtfTypes types) => Enumerable.Range(1, types.Count - 1)
        .Select(id => types[(uint)id]).Where(type => type.NameOffset != 0 && (type.Kind.IsComposite() || type.Kind.IsAnyEnum()))
        .GroupBy(type => types.NameText(type.NameOffset)).Where(same => same.Count() == 1).Select(same => same.Single())
        .Select(type => (type, LayoutReader.Read(types, type)));

    /// <summary>Each as text.</summary>
    public static Dictionary<string, string> Of(BtfTypes types) => Unique(types)
        .Where(one => one.Type.Count > 0)
        .ToDictionary(one => $"{one.Layout.Kind} {one.Layout.Name}", one => Text(one.Layout));

    private static string Text(TypeLayout layout)
    {
        var text = new StringBuilder($"{layout.SizeBytes}\n");
        foreach (var enumerator in layout.Enumerators ?? []) text.Append($"{Duplicate().Replace(enumerator.Name, "")} {enumerator.Value}\n");
        Add(text, layout.Members ?? []);
        return text.ToString();
    }

    private static void Add(StringBuilder text, IReadOnlyList<MemberLayout> members)
    {
        foreach (var member in members)
        {
            text.Append($"{member.Name} {member.OffsetBytes}:{member.BitOffset} {member.SizeBytes}:{member.BitSize}\n");
            Add(text, member.Members ?? []);
        }
    }

    // Two enums of a kernel can have an enumerator of one name; in one C file they cannot.
    [GeneratedRegex("___[0-9]+$")]
    private static partial Regex Duplicate();
}
