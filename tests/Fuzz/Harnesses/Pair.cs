using System.Buffers.Binary;

namespace Relo.Fuzz.Harnesses;

/// <summary>Two inputs in one: <c>length of the first:16 first second</c>.</summary>
internal static class Pair
{
    private const int LengthBytes = sizeof(ushort);

    public static byte[] Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var pair = new byte[LengthBytes + first.Length + second.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(pair, checked((ushort)first.Length));
        first.CopyTo(pair.AsSpan(LengthBytes));
        second.CopyTo(pair.AsSpan(LengthBytes + first.Length));
        return pair;
    }

    public static (ReadOnlyMemory<byte> First, ReadOnlyMemory<byte> Second) Split(ReadOnlyMemory<byte> pair)
    {
        if (pair.Length < LengthBytes) return (pair, default);
        var rest = pair[LengthBytes..];
        var length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(pair.Span), rest.Length);
        return (rest[..length], rest[length..]);
    }
}
