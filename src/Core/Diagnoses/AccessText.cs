using System.Text;
using Relo.Core.Access;
using Relo.Core.Btf;

namespace Relo.Core.Diagnoses;

/// <summary>The parts of an access as C would write them.</summary>
internal sealed class AccessText(AccessSpec local)
{
    /// <summary>The root: <c>struct task_struct</c>, or the name of a typedef.</summary>
    public string Root { get; } = local.Types[local.RootTypeId].Kind == BtfKind.Typedef
        ? local.Types.NameText(local.Types[local.RootTypeId].NameOffset)
        : local.RootText;

    /// <summary>A name for a variable of the type: <c>task_struct</c> → <c>task</c>.</summary>
    public string Variable
    {
        get
        {
            var name = System.Text.Encoding.UTF8.GetString(EssentialName.Of(local.Types.Name(local.Types[local.RootTypeId].NameOffset)));
            var word = name.Split('_', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "p";
            return char.IsAsciiLetter(word[0]) ? word : "p";
        }
    }

    /// <summary>The members from the root: <c>mm.context</c>; the enumerator's name.</summary>
    public string Path { get; } = local.PathText.TrimStart('.', ':');

    /// <summary>
    /// A flavour of the root, which CO-RE takes for the same type; null for a typedef, which would need the whole type again.
    /// </summary>
    public string? Flavour
    {
        get
        {
            var root = local.Types[local.RootTypeId];
            return root.Kind.IsComposite()
                ? $"{root.Kind.LibbpfName()} {Encoding.UTF8.GetString(EssentialName.Of(local.Types.Name(root.NameOffset)))}___new"
                : null;
        }
    }

    /// <summary>A declaration of a member: <c>struct gendisk *disk</c>, <c>char comm[16]</c>.</summary>
    public static string Declare(string type, string name)
    {
        var bracket = type.IndexOf('[', StringComparison.Ordinal);
        var (before, after) = bracket < 0 ? (type, "") : (type[..bracket], type[bracket..]);
        return before.EndsWith('*') ? $"{before}{name}{after}" : $"{before} {name}{after}";
    }
}
