using System.Buffers.Binary;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>
/// Refuses xz with large windows, without unpacking: SharpCompress allocates what the header of each block declares.
/// <code>
/// stream header 12, then for each block: header: size 1, flags 1, [sizes], filters, padding, crc 4 | chunks | padding | check
/// chunk of LZMA2: 01 or 02 | size - 1: 2 | bytes
///                 80 … ff | unpacked size 2 | size - 1: 2 | properties 1, from c0 on | bytes
///                 00: the end
/// </code>
/// Ends without a result where the decoder cannot go on either: it reports the damage.
/// </summary>
internal static class XzWindows
{
    private const int StreamHeaderBytes = 12, FlagsAt = 7;
    private const byte Lzma2 = 0x21, HasPackedSize = 0x40, HasSize = 0x80;

    /// <exception cref="InvalidDataException">A window is too large, or the check of the blocks is not supported.</exception>
    public static void Check(ReadOnlySpan<byte> file)
    {
        if (file.Length < StreamHeaderBytes) return;
        var checkBytes = file[FlagsAt] switch
        {
            0 => 0,
            1 => 4,
            4 => 8,
            var other => throw new InvalidDataException($"its check has type {other}, expected 1 (CRC32), 4 (CRC64) or 0 (none)"),
        };
        // A size of 0 marks the index, which follows the last block.
        for (var rest = file[StreamHeaderBytes..]; !rest.IsEmpty && rest[0] != 0;)
        {
            var header = (rest[0] + 1) * 4;
            if (header > rest.Length) return;
            CheckFilters(rest[..header]);
            if (ChunkBytes(rest[header..]) is not { } chunks) return;
            var block = header + ((chunks + 3L) & ~3L) + checkBytes;
            if (block > rest.Length) return;
            rest = rest[(int)block..];
        }
    }

    private static void CheckFilters(ReadOnlySpan<byte> header)
    {
        var flags = header[1];
        var rest = header[2..^4];
        if ((flags & HasPackedSize) != 0) Number(ref rest);
        if ((flags & HasSize) != 0) Number(ref rest);
        for (var filters = (flags & 3) + 1; filters > 0; filters--)
        {
            var id = Number(ref rest);
            var properties = Number(ref rest);
            if (properties > (ulong)rest.Length) return;
            if (id == Lzma2 && properties == 1) XzBlock.CheckDictionary(rest[0]);
            rest = rest[(int)properties..];
        }
    }

    /// <returns>Null if they have no end.</returns>
    private static int? ChunkBytes(ReadOnlySpan<byte> chunks)
    {
        for (var at = 0; at < chunks.Length;)
        {
            if (chunks[at] == 0) return at + 1;
            var head = chunks[at] switch { 1 or 2 => 3, < 0x80 => int.MaxValue, < 0xc0 => 5, _ => 6 };
            if (head > chunks.Length - at) return null;
            var size = BinaryPrimitives.ReadUInt16BigEndian(chunks[(at + (head == 3 ? 1 : 3))..]) + 1;
            if (size > chunks.Length - at - head) return null;
            at += head + size;
        }

        return null;
    }

    // Seven bits in each byte, the lowest first; the last byte is below 0x80.
    private static ulong Number(ref ReadOnlySpan<byte> rest)
    {
        var value = 0UL;
        for (var shift = 0; !rest.IsEmpty && shift < 63; shift += 7)
        {
            var part = rest[0];
            rest = rest[1..];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return value;
        }

        return ulong.MaxValue;
    }
}
