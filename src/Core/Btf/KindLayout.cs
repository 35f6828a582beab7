namespace Relo.Core.Btf;

/// <summary>
/// The meaning of the words of a type, one row per kind (linux/btf.h): the only place that defines it. The size of a type, the check of its
/// references, the scan and the copy derive from it. A new kind is a member of <see cref="BtfKind"/> and a row in <see cref="Row"/>.
/// <code>
/// n  offset of a name       i  info: kind flag, kind, count      .  a number, flags, an offset
/// t  id of a type           T  id of the next type of a chain: a modified type, an element type
/// </code>
/// </summary>
/// <param name="LibbpfName">The kind as libbpf's messages spell it (btf_kind_str).</param>
/// <param name="Once">The words before the elements. The first three are the head that all types have (struct btf_type).</param>
/// <param name="Element">The words of each element.</param>
/// <param name="IsIndexed">Whether <see cref="NameIndex"/> covers the kind: compilers emit relocations whose root has it.</param>
internal sealed record KindLayout(string LibbpfName, string Once, string Element, bool IsIndexed)
{
    private const bool Indexed = true, NotIndexed = false;

    private static readonly KindLayout[] _ofKind = [.. Enum.GetValues<BtfKind>().Select(Row)];

    /// <summary>The last known kind.</summary>
    public static BtfKind Last { get; } = (BtfKind)(_ofKind.Length - 1);

    /// <summary>The word with the id of the next type of a chain; 0 for kinds that end a chain.</summary>
    public int Next { get; } = Math.Max(Once.IndexOf('T', StringComparison.Ordinal), 0);

    /// <summary>Whether types of the kind can be read; void is not a type.</summary>
    public static bool IsKnown(BtfKind kind) => kind is not BtfKind.Void && (int)kind < _ofKind.Length;

    /// <summary>The row of a kind, or null for unknown kinds.</summary>
    public static KindLayout? Of(BtfKind kind) => IsKnown(kind) ? _ofKind[(int)kind] : null;

    /// <summary>The meaning of a word of a type, counted from its head.</summary>
    public char this[int word] =>
        word < Once.Length ? Once[word] : Element.Length == 0 ? '.' : Element[(word - Once.Length) % Element.Length];

    public static bool IsName(char word) => word == 'n';

    public static bool IsType(char word) => word is 't' or 'T';

#pragma warning disable CS8524 // Values without a name are not kinds; a named kind without a row is an error (CS8509).
    private static KindLayout Row(BtfKind kind) => kind switch
    {
        BtfKind.Void => new("void", "...", "", NotIndexed),
        BtfKind.Int => new("int", "ni..", "", Indexed),
        BtfKind.Ptr => new("ptr", "nit", "", Indexed),
        BtfKind.Array => new("array", "ni.Tt.", "", Indexed),
        BtfKind.Struct => new("struct", "ni.", "nt.", Indexed),
        BtfKind.Union => new("union", "ni.", "nt.", Indexed),
        BtfKind.Enum => new("enum", "ni.", "n.", Indexed),
        BtfKind.Fwd => new("fwd", "ni.", "", Indexed),
        BtfKind.Typedef => new("typedef", "niT", "", Indexed),
        BtfKind.Volatile => new("volatile", "niT", "", Indexed),
        BtfKind.Const => new("const", "niT", "", Indexed),
        BtfKind.Restrict => new("restrict", "niT", "", Indexed),
        BtfKind.Func => new("func", "nit", "", NotIndexed), // its count is its linkage
        BtfKind.FuncProto => new("func_proto", "nit", "nt", Indexed),
        BtfKind.Var => new("var", "nit.", "", NotIndexed),
        BtfKind.DataSec => new("datasec", "ni.", "t..", NotIndexed),
        BtfKind.Float => new("float", "ni.", "", Indexed),
        BtfKind.DeclTag => new("decl_tag", "nit.", "", NotIndexed),
        BtfKind.TypeTag => new("type_tag", "niT", "", NotIndexed),
        BtfKind.Enum64 => new("enum64", "ni.", "n..", Indexed),
        BtfKind.LocParam => new("loc_param", "ni..", ".", NotIndexed), // flags, then values
        BtfKind.LocProto => new("loc_proto", "ni.", "t", NotIndexed), // 0 for a parameter without a location
        BtfKind.LocSec => new("locsec", "ni.", "tt.", NotIndexed), // function, loc_proto, offset
    };
#pragma warning restore CS8524
}
