using System.Runtime.InteropServices;

namespace Relo.Core.StableForms;

/// <summary>The choices between candidates of one hash, as numbers of 7 bits for each byte, the lowest first (LEB128).</summary>
internal sealed class ChoiceWriter
{
    private readonly List<byte> _bytes = [];

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Bytes => CollectionsMarshal.AsSpan(_bytes);

    public void Write(uint choice)
    {
        for (; choice > 0x7f; choice >>= 7) _bytes.Add((byte)(choice | 0x80));
        _bytes.Add((byte)choice);
    }
}
