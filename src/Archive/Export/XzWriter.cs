using System.Buffers.Binary;
using System.IO.Hashing;
using SharpCompress.Compressors.LZMA;

namespace Relo.Archive.Export;

/// <summary>
/// Writes an <c>.xz</c> file (The .xz File Format 1.1.0; LZMA2 as liblzma reads it). The managed library has an LZMA encoder but no
/// writer for this container, so we write it here: one block of LZMA2 chunks, each encoded independently.
/// <code>
/// stream header │ block header │ chunk … chunk 00 │ padding │ CRC32 of the bytes │ index │ stream footer
/// </code>
/// Independent chunks cost a tenth in size; any xz reads them.
/// </summary>
internal static class XzWriter
{
    // A chunk holds at most 2 MiB unpacked and 64 KiB packed; BTF shrinks to a quarter or less, so a chunk of this size nearly always fits.
    private const int ChunkBytes = 128 << 10, MaxPackedBytes = 64 << 10;
    private const int Crc32Check = 1, Lzma2Filter = 0x21, DictionaryOf128KiB = 10, BlockHeaderBytes = 12;

    // LZMA2 control bytes: both reset the dictionary and, for packed chunks, the state and the properties.
    private const byte Stored = 0x01, Packed = 0xe0;

    private static readonly byte[] StreamFlags = [0, Crc32Check];

    public static byte[] Write(ReadOnlySpan<byte> bytes, CancellationToken cancellation = default)
    {
        using var output = new MemoryStream();
        output.Write([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]);
        output.Write(StreamFlags);
        WriteUInt32(output, Crc32.HashToUInt32(StreamFlags));

        var blockAt = output.Length;
        WriteBlockHeader(output);
        for (var rest = bytes; !rest.IsEmpty; rest = rest[Math.Min(ChunkBytes, rest.Length)..])
        {
            cancellation.ThrowIfCancellationRequested();
            WriteChunk(output, rest[..Math.Min(ChunkBytes, rest.Length)]);
        }

        output.WriteByte(0); // no more chunks
        var unpadded = output.Length - blockAt + sizeof(uint);
        Pad(output, output.Length - blockAt);
        WriteUInt32(output, Crc32.HashToUInt32(bytes));

        var index = Index(unpadded, bytes.Length);
        output.Write(index);
        WriteFooter(output, index.Length);
        return output.ToArray();
    }

    private static void WriteBlockHeader(MemoryStream output)
    {
        // Header size in 4-byte words minus one, flags (one filter, no sizes), filter id, size of its properties, properties.
        byte[] header = [(BlockHeaderBytes / 4) - 1, 0, Lzma2Filter, 1, DictionaryOf128KiB, 0, 0, 0];
        output.Write(header);
        WriteUInt32(output, Crc32.HashToUInt32(header));
    }

    private static void WriteChunk(MemoryStream output, ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        byte[] properties;
        using (var lzma = LzmaStream.Create(new LzmaEncoderProperties(eos: false, ChunkBytes), isLzma2: false, packed))
        {
            properties = lzma.Properties;
            lzma.Write(bytes);
        }

        if (packed.Length > MaxPackedBytes || packed.Length >= bytes.Length)
        {
            for (var rest = bytes; !rest.IsEmpty; rest = rest[Math.Min(MaxPackedBytes, rest.Length)..])
                WriteStored(output, rest[..Math.Min(MaxPackedBytes, rest.Length)]);
            return;
        }

        var last = bytes.Length - 1;
        output.WriteByte((byte)(Packed | (last >> 16)));
        WriteUInt16(output, last & 0xffff);
        WriteUInt16(output, (int)packed.Length - 1);
        output.WriteByte(properties[0]); // lc, lp, pb; the other bytes are the dictionary size
        output.Write(packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }

    private static void WriteStored(MemoryStream output, ReadOnlySpan<byte> bytes)
    {
        output.WriteByte(Stored);
        WriteUInt16(output, bytes.Length - 1);
        output.Write(bytes);
    }

    private static byte[] Index(long unpaddedBytes, long uncompressedBytes)
    {
        using var index = new MemoryStream();
        index.WriteByte(0);
        WriteNumber(index, 1); // records
        WriteNumber(index, (ulong)unpaddedBytes);
        WriteNumber(index, (ulong)uncompressedBytes);
        Pad(index, index.Length);
        WriteUInt32(index, Crc32.HashToUInt32(index.GetBuffer().AsSpan(0, (int)index.Length)));
        return index.ToArray();
    }

    private static void WriteFooter(MemoryStream output, int indexBytes)
    {
        var checkedPart = new byte[sizeof(uint) + 2];
        BinaryPrimitives.WriteUInt32LittleEndian(checkedPart, ((uint)indexBytes / 4) - 1);
        StreamFlags.CopyTo(checkedPart, sizeof(uint));
        WriteUInt32(output, Crc32.HashToUInt32(checkedPart));
        output.Write(checkedPart);
        output.Write("YZ"u8);
    }

    private static void Pad(MemoryStream output, long length)
    {
        for (var over = length; over % 4 != 0; over++) output.WriteByte(0);
    }

    // Seven bits per byte, lowest first (section 1.2 of the format).
    private static void WriteNumber(MemoryStream output, ulong value)
    {
        for (; value >= 0x80; value >>= 7) output.WriteByte((byte)(value | 0x80));
        output.WriteByte((byte)value);
    }

    // LZMA2 is big-endian; the container is little-endian.
    private static void WriteUInt16(MemoryStream output, int value)
    {
        output.WriteByte((byte)(value >> 8));
        output.WriteByte((byte)value);
    }

    private static void WriteUInt32(MemoryStream output, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        output.Write(bytes);
    }
}
