namespace Relo.Core.Headers;

/// <summary>A member of a struct or union that is to be written.</summary>
/// <param name="BitOffset">Its offset on the kernel.</param>
/// <param name="Width">Of a bit-field: its width; 0 for others.</param>
/// <param name="Shape">Its type.</param>
internal readonly record struct PlannedMember(long BitOffset, int Width, BpfShape Shape)
{
    private const int BitsPerByte = 8;

    /// <summary>The bit after it.</summary>
    public long BitEnd => BitOffset + (Width > 0 ? Width : Shape.Bytes * BitsPerByte);

    /// <summary>
    /// Where clang puts it if <paramref name="bit"/> is the first free one (ItaniumRecordLayoutBuilder): aligned to its type; a bit-field
    /// only if it would not fit in a unit of its type otherwise; in a packed struct at the next byte, a bit-field at the next bit.
    /// </summary>
    public long PlaceFrom(long bit, bool isPacked)
    {
        var align = isPacked ? BitsPerByte : Shape.AlignBytes * BitsPerByte;
        if (Width == 0) return bit.Up(align);
        return !isPacked && (bit % align) + Width > Shape.Bytes * BitsPerByte ? bit.Up(align) : bit;
    }
}
