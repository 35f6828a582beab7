namespace Relo.Core.Btf;

/// <summary>The word after an integer's head.</summary>
/// <param name="Raw">Encoding (bits 24–27), bit offset (16–23), width in bits (0–7).</param>
public readonly record struct BtfInt(uint Raw)
{
    /// <summary>Encoding value of a plain signed integer.</summary>
    public const uint SignedEncoding = 1;

    /// <summary>BTF_INT_SIGNED 1, BTF_INT_CHAR 2, BTF_INT_BOOL 4.</summary>
    public uint Encoding => (Raw & 0x0f000000) >> 24;

    /// <summary>Bit offset; nonzero only in deprecated bit-field integers.</summary>
    public uint BitOffset => (Raw & 0x00ff0000) >> 16;

    /// <summary>Whether the signed bit is set.</summary>
    public bool IsSigned => (Encoding & SignedEncoding) != 0;
}
