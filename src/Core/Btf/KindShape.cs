namespace Relo.Core.Btf;

/// <summary>Of how many words a type of a kind consists (btf_type_size of libbpf), and what is done with it when BTF is read.</summary>
/// <param name="Once">Words without the elements; 0 for kinds that are not known.</param>
/// <param name="Each">Words of an element.</param>
/// <param name="GoesOn">1 for modifiers, typedefs and arrays, which go on to another type.</param>
/// <param name="IsNamed">1 for kinds that the index of names covers.</param>
internal readonly record struct KindShape(byte Once, byte Each, byte GoesOn, byte IsNamed)
{
    /// <summary>Words of the head that all kinds have: name, info, size or type.</summary>
    public const int Head = 3;

    private static readonly KindShape[] _ofUpperByte = [.. Enumerable.Range(0, 256).Select(upper => Of(KindLayout.Of((BtfKind)(upper & 0x7f))))];

    /// <summary>By the upper byte of the info word: the kind flag and the kind.</summary>
    public static ReadOnlySpan<KindShape> OfUpperByte => _ofUpperByte;

    private static KindShape Of(KindLayout? layout) =>
        layout is null ? default : new((byte)layout.Once.Length, (byte)layout.Element.Length, Flag(layout.Next > 0), Flag(layout.IsIndexed));

    private static byte Flag(bool value) => value ? (byte)1 : (byte)0;
}
