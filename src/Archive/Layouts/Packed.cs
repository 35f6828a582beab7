using System.IO.Compression;

namespace Relo.Archive.Layouts;

/// <summary>Compressed bytes of a row.</summary>
internal static class Packed
{
    private const int Quality = 5; // 9 takes five times as long for a twentieth less
    private const int Window = 22;

    public static byte[] Write(ReadOnlySpan<byte> bytes)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(bytes.Length)];
        return BrotliEncoder.TryCompress(bytes, packed, out var length, Quality, Window)
            ? packed[..length]
            : throw new InvalidOperationException("Brotli needs more than its own limit");
    }

    /// <exception cref="InvalidDataException">The bytes are damaged, or more than <paramref name="most"/>.</exception>
    public static byte[] Read(byte[] packed, int most)
    {
        using var bytes = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        var all = new MemoryStream();
        var part = new byte[64 << 10];
        for (int read; (read = bytes.Read(part)) > 0;)
        {
            if (all.Length + read > most) throw new InvalidDataException($"a row of layouts has more than {most} bytes");
            all.Write(part, 0, read);
        }

        return all.ToArray();
    }
}
