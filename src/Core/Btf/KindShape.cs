namespace Relo.Core.Btf;

/// <summary>A row of <see cref="KindLayout"/> as numbers, for the scan.</summary>
/// <param name="Once">Words before the elements; 0 for unknown kinds.</param>
/// <param name="Each">Words of an element; 0 for kinds without elements.</param>
/// <param name="Ids">The words before the elements that are type ids.</param>
/// <param name="ElementName">All ones if an element begins with a name, otherwise 0.</param>
/// <param name="ElementIds">The words of an element that are type ids.</param>
/// <param name="IsChained">1 for modifiers, typedefs and arrays, which refer to another type.</param>
/// <param name="IsNamed">1 for kinds that the name index covers.</param>
internal readonly record struct KindShape(
    byte Once, byte Each, WordRange Ids, uint ElementName, WordRange ElementIds, byte IsChained, byte IsNamed)
{
    /// <summary>Words of the head that all kinds have: name, info, size or type.</summary>
    public const int Head = 3;

    private static readonly KindShape[] _ofUpperByte = [.. Enumerable.Range(0, 256).Select(upper =>
        Of(KindLayout.Of((BtfKind)(upper & 0x7f))))];

    /// <summary>By the upper byte of the info word: the kind flag and the kind.</summary>
    public static ReadOnlySpan<KindShape> OfUpperByte => _ofUpperByte;

    private static KindShape Of(KindLayout? layout) => layout is null ? default : new(
        (byte)layout.Once.Length, (byte)layout.Element.Length,
        WordRange.OfIds(layout.Once), layout.Element.StartsWith('n') ? uint.MaxValue : 0, WordRange.OfIds(layout.Element),
        Flag(layout.Next > 0), Flag(layout.IsIndexed));

    private static byte Flag(bool value) => value ? (byte)1 : (byte)0;
}
