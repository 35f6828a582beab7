namespace Relo.Core.Btf;

/// <summary>Consecutive words of a type or of an element.</summary>
/// <param name="First">The first of them.</param>
/// <param name="End">The word after the last of them.</param>
internal readonly record struct WordRange(byte First, byte End)
{
    /// <summary>The words that <see cref="KindLayout"/> marks as type ids; in every kind they are consecutive.</summary>
    public static WordRange OfIds(string words)
    {
        var first = words.AsSpan().IndexOfAny('t', 'T');
        return first < 0 ? default : new((byte)first, (byte)(words.AsSpan().LastIndexOfAny('t', 'T') + 1));
    }
}
