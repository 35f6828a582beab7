using System.Text;
using Relo.Core.Btf;

namespace Relo.Core.Fingerprints;

/// <summary>
/// What a fingerprint is of: all types of one kind and essential name, which are the candidates of one question; or the function or
/// variable of a name.
/// </summary>
/// <param name="Kind">The kind; <see cref="BtfKind.Enum"/> also for enum64, <see cref="BtfKind.Func"/> also for variables.</param>
/// <param name="Name">The essential name of types, the name of functions and variables.</param>
public readonly record struct LayoutName(BtfKind Kind, string Name)
{
    /// <summary>
    /// The kernel as a whole: whether its BTF has functions, whether it has variables, its byte order, and whether its modules are known.
    /// </summary>
    public static LayoutName Kernel => new(BtfKind.Void, "");

    /// <summary>The key of the name in the index: a hash that two names of a kernel do not share by accident.</summary>
    public ulong Key => KeyOf(Kind, Encoding.UTF8.GetBytes(Name));

    /// <summary>A type of this kind and name; the name may have a flavour.</summary>
    public static LayoutName OfType(BtfKind kind, ReadOnlySpan<byte> name) =>
        new(Group(kind), Encoding.UTF8.GetString(EssentialName.Of(name)));

    /// <summary>A function or variable.</summary>
    public static LayoutName OfSymbol(string name) => new(BtfKind.Func, name);

    /// <summary>One kind for all kinds that are candidates of each other.</summary>
    internal static BtfKind Group(BtfKind kind) => kind switch
    {
        BtfKind.Enum64 => BtfKind.Enum,
        BtfKind.Var => BtfKind.Func,
        _ => kind,
    };

    /// <summary>FNV-1a of 64 bits. It need not resist attacks: a crafted name confuses only the answers about its own kernel.</summary>
    /// <param name="kind">As <see cref="Kind"/>.</param>
    /// <param name="name">As <see cref="Name"/>, which need not be text.</param>
    public static ulong KeyOf(BtfKind kind, ReadOnlySpan<byte> name)
    {
        const ulong prime = 0x100000001b3;
        var key = (0xcbf29ce484222325 ^ (byte)kind) * prime;
        foreach (var letter in name) key = (key ^ letter) * prime;
        return key;
    }
}
