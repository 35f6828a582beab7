using System.Text;
using Relo.Core.Btf;

namespace Relo.Core.Layouts;

/// <summary>
/// Limits the members and the text of one answer. The largest struct of a kernel has a few hundred members; in untrusted BTF, structs may
/// contain each other many times over, and overlapping names take no space.
/// </summary>
internal sealed class LayoutBudget
{
    private const int MaxMembers = 200_000, MaxCharacters = 16 << 20, MaxName = 512;

    private int _members, _characters;

    /// <summary>Counts members.</summary>
    /// <exception cref="LayoutTooLargeException">There are too many.</exception>
    public void Members(int count)
    {
        if ((_members += count) > MaxMembers)
            throw TooLarge($"the type has more than {MaxMembers} members, nested ones included");
    }

    /// <summary>Counts the characters of a text.</summary>
    /// <exception cref="LayoutTooLargeException">There are too many characters.</exception>
    public string Text(string text)
    {
        if ((_characters += text.Length) > MaxCharacters)
            throw TooLarge($"the names of the type have more than {MaxCharacters} characters");
        return text;
    }

    /// <summary>The declaration of something, counted.</summary>
    public string Declaration(BtfTypes types, uint typeId, string name = "") => Text(CDeclaration.Of(types, typeId, name));

    /// <summary>A name, counted.</summary>
    public string Name(BtfTypes types, uint offset) => Text(Cut(types, offset));

    /// <summary>A name, cut where it is longer than any that a kernel accepts (KSYM_NAME_LEN).</summary>
    public static string Cut(BtfTypes types, uint offset)
    {
        var name = types.NameUpTo(offset, MaxName);
        return name.Length > MaxName ? Encoding.UTF8.GetString(name[..MaxName]) + "…" : Encoding.UTF8.GetString(name);
    }

    private static LayoutTooLargeException TooLarge(FormattableString message) => new(FormattableString.Invariant(message));
}
