using System.Text;
using System.Text.RegularExpressions;
using Relo.Core.Btf;
using Relo.Core.Layouts;

namespace Relo.Core.Headers;

/// <summary>The tags of types, members and functions, as attributes.</summary>
internal sealed partial class HeaderTags
{
    private const int OfWhole = -1; // btf.rst: component_idx is ((__u32)-1) for a tag of the whole type

    private readonly BtfTypes _types;
    private readonly TextLimit _limit;
    private readonly ILookup<(uint, int), BtfType> _ofTarget;

    /// <summary>Reads the declaration tags.</summary>
    public HeaderTags(BtfTypes types, TextLimit limit)
    {
        (_types, _limit) = (types, limit);
        _ofTarget = Enumerable.Range(1, types.Count - 1).Select(id => types[(uint)id]).Where(type => type.Kind == BtfKind.DeclTag)
            .ToLookup(tag => (tag.SizeOrType, (int)types.WordAfterHead(tag, 0)));
    }

    /// <summary>The functions with a tag, in the order of their first tags.</summary>
    public IEnumerable<BtfType> FunctionsWith(string tag) => _ofTarget
        .Where(of => of.Key.Item2 == OfWhole && of.Any(one => Text(one) == tag)).Select(of => _types[of.Key.Item1])
        .Where(type => type.Kind == BtfKind.Func);

    /// <summary>The declaration tags of a type, or of a member or parameter of it; each begins with a space.</summary>
    /// <exception cref="LayoutTooLargeException">They are too long together.</exception>
    public string Of(uint typeId, int component = OfWhole) =>
        string.Concat(_ofTarget[(typeId, component)].Select(tag => Attribute(tag, "btf_decl_tag")).Where(text => text.Length > 0)
            .Select(text => _limit.Count(" " + text)));

    /// <summary>A type tag.</summary>
    public string OfType(BtfType tag) => Attribute(tag, "btf_type_tag");

    // With the kind flag, the tag is itself an attribute: address_space(1).
    private string Attribute(BtfType tag, string name)
    {
        var text = Text(tag);
        if (tag.KindFlag) return Plain().IsMatch(text) ? $"__attribute__(({text}))" : "";
        return $"__attribute__(({name}(\"{Escaped(text)}\")))";
    }

    private string Text(BtfType tag) => LayoutBudget.Cut(_types, tag.NameOffset);

    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var c in text)
        {
            if (c is '"' or '\\') escaped.Append('\\').Append(c);
            else escaped.Append(char.IsControl(c) ? ' ' : c);
        }

        return escaped.ToString();
    }

    [GeneratedRegex(@"^\w+(\([\w, ]*\))?\z")]
    private static partial Regex Plain();
}
