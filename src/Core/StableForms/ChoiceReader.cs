using Relo.Core.Bytes;

namespace Relo.Core.StableForms;

/// <summary>Reads what <see cref="ChoiceWriter"/> wrote.</summary>
internal sealed class ChoiceReader(ReadOnlyMemory<byte> bytes)
{
    private const int LastShift = 28, LargestLast = 0x0f; // what is left of 32 bits

    private int _at;

    /// <summary>The number of bytes that were not read.</summary>
    public int Remaining => bytes.Length - _at;

    /// <exception cref="MalformedObjectException">There is none, or it does not fit 32 bits.</exception>
    public uint Read()
    {
        var choice = 0u;
        for (var shift = 0; _at < bytes.Length && shift < 32; shift += 7)
        {
            var part = bytes.Span[_at++];
            if (shift == LastShift && part > LargestLast) break;
            choice |= (part & 0x7fu) << shift;
            if (part <= 0x7f) return choice;
        }

        throw new MalformedObjectException(MalformedObjectException.InvalidBtf, "choices", _at, "expected another choice");
    }
}
