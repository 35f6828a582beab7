using System.Buffers.Binary;
using System.IO.Hashing;

namespace Relo.Archive.Import.Unpacking;

/// <summary>
/// The first block of an xz, where it is one that <see cref="XzBlockStream"/> reads: LZMA2, or the filter for x86 code before it.
/// <code>
/// fd 7zXZ 00 | flags 2 | crc 4 | block: size 1, flags 1, [sizes], filters, padding, crc 4 | LZMA2 … 00 | padding | check | index …
///              ^ which check           ^ how many filters
/// </code>
/// </summary>
/// <param name="HasX86Filter">Whether the addresses of calls were made absolute before packing.</param>
/// <param name="Dictionary">LZMA2's own code for the size of its dictionary.</param>
/// <param name="DataAt">Where LZMA2 begins.</param>
internal readonly record struct XzBlock(bool HasX86Filter, byte Dictionary, int DataAt)
{
    private const int StreamHeaderBytes = 12;
    private const byte X86 = 0x04, Lzma2 = 0x21;

    /// <summary>The kind of check that <see cref="XzBlockStream"/> knows; it is what kernels' build uses.</summary>
    private const byte Crc32Check = 1;

    /// <returns>Null where the block is one of another sort, or damaged.</returns>
    public static XzBlock? TryRead(ReadOnlySpan<byte> file)
    {
        if (file.Length < StreamHeaderBytes + 2 || file[7] != Crc32Check) return null;
        var length = (file[StreamHeaderBytes] + 1) * 4;
        // A size of 0 would be the index: a stream of no block.
        if (file[StreamHeaderBytes] == 0 || length > file.Length - StreamHeaderBytes) return null;
        var header = file.Slice(StreamHeaderBytes, length);
        if (Crc32.HashToUInt32(header[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(header[^4..])) return null;

        // Kernels' are packed from a pipe, so that no sizes are in the header: two flag bits would say that they are.
        var filters = (header[1] & 3) + 1;
        if ((header[1] & ~3) != 0 || filters > 2) return null;
        var at = 2;
        var hasX86 = filters == 2;
        if (hasX86)
        {
            // No properties: the code begins at address 0.
            if (header[at] != X86 || header[at + 1] != 0) return null;
            at += 2;
        }

        return header.Length - 4 - at >= 3 && header[at] == Lzma2 && header[at + 1] == 1 ? new(hasX86, header[at + 2], StreamHeaderBytes + length) : null;
    }
}
