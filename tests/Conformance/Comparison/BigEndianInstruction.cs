using System.Buffers.Binary;
using Relo.Core;

namespace Relo.Conformance.Comparison;

/// <summary>Writes a known value into a big-endian instruction: the expected result of the patcher under test.</summary>
public static class BigEndianInstruction
{
    private const byte LoadImm64 = 0x18, Call = 0x85, SizeBits = 0x18;
    private const int BadRelo = 0x0bad2310;

    public static int SizeAt(ReadOnlySpan<byte> bytes, int at) => bytes[at] == LoadImm64 ? 16 : 8;

    /// <param name="bytes">The object.</param>
    /// <param name="at">Where the instruction is.</param>
    /// <param name="answer">The same record of the little-endian twin.</param>
    /// <param name="value">What belongs there, unless it is poisoned.</param>
    public static byte[] With(ReadOnlySpan<byte> bytes, int at, Fixup answer, long value)
    {
        var result = bytes.Slice(at, SizeAt(bytes, at)).ToArray();
        if (answer.IsPoisoned)
        {
            for (var slot = 0; slot < result.Length; slot += 8)
            {
                result.AsSpan(slot, 8).Clear();
                result[slot] = Call;
                BinaryPrimitives.WriteInt32BigEndian(result.AsSpan(slot + 4), BadRelo);
            }
        }
        else if (result[0] == LoadImm64)
        {
            BinaryPrimitives.WriteInt32BigEndian(result.AsSpan(4), (int)value);
            BinaryPrimitives.WriteInt32BigEndian(result.AsSpan(12), (int)(value >> 32));
        }
        else if ((result[0] & 7) is 4 or 7)
        {
            BinaryPrimitives.WriteInt32BigEndian(result.AsSpan(4), (int)value);
        }
        else
        {
            result[0] = (byte)((result[0] & ~SizeBits) | (answer.Change.After.First.Code & SizeBits));
            BinaryPrimitives.WriteInt16BigEndian(result.AsSpan(2), (short)value);
        }
        return result;
    }
}
