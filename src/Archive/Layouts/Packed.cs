using System.Buffers;
using System.IO.Compression;

namespace Relo.Archive.Layouts;

/// <summary>Compressed bytes of a row.</summary>
internal static class Packed
{
    private const int Quality = 5; // 9 takes five times as long and saves a twentieth
    private const int Window = 22;
    private const int UsualRatio = 8;

    public static byte[] Write(ReadOnlySpan<byte> bytes)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, packed, out var length, Quality, Window)
            ? packed[..length]
            : throw new InvalidOperationException("Brotli needs more than its own limit");
    }

    /// <exception cref="InvalidDataException">The bytes are damaged, or more than <paramref name="most"/>.</exception>
    public static byte[] Read(ReadOnlySpan<byte> packed, int most)
    {
        // Thousands of rows are read at once; a stream for each would allocate a hundred times their size.
        using var decoder = new BrotliDecoder();
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(packed.Length * UsualRatio, most));
        var length = 0;
        try
        {
            while (true)
            {
                var status = decoder.Decompress(packed, buffer.AsSpan(length), out var taken, out var written);
                packed = packed[taken..];
                length += written;
                if (length > most) throw new InvalidDataException($"a row of layouts has more than {most} bytes");
                if (status == OperationStatus.Done && packed.IsEmpty) return buffer.AsSpan(0, length).ToArray();
                if (status != OperationStatus.DestinationTooSmall) throw new InvalidDataException("a row of layouts is damaged");
                Grow(ref buffer, length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Grow(ref byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
