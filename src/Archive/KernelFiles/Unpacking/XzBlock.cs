using System.Buffers.Binary;
using System.IO.Hashing;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>
/// The header of the first xz block, if <see cref="XzBlockStream"/> supports it: LZMA2, optionally with the x86 filter.
/// <code>
/// fd 7zXZ 00 | flags 2 | crc 4 | block: size 1, flags 1, [sizes], filters, padding, crc 4 | LZMA2 … 00 | padding | check | index …
///              ^ which check           ^ how many filters
/// </code>
/// </summary>
/// <param name="HasX86Filter">Whether the block uses the x86 filter.</param>
/// <param name="Dictionary">LZMA2's encoded dictionary size.</param>
/// <param name="DataAt">Offset of the LZMA2 data.</param>
internal readonly record struct XzBlock(bool HasX86Filter, byte Dictionary, int DataAt)
{
    private const int StreamHeaderBytes = 12;
    private const byte X86 = 0x04, Lzma2 = 0x21;

    /// <summary>The check that <see cref="XzBlockStream"/> supports; the kernel's build uses it.</summary>
    private const byte Crc32Check = 1;

    /// <summary>128 MiB, the largest dictionary that the kernel's build uses; each step is 2^n or 3·2^n, from 4 KiB.</summary>
    private const byte MaxDictionary = 30;

    /// <summary>Refuses an encoded dictionary size: the decoder allocates what the header declares.</summary>
    /// <exception cref="InvalidDataException">It is too large.</exception>
    public static void CheckDictionary(byte dictionary)
    {
        if (dictionary > MaxDictionary) throw new InvalidDataException("its window is larger than 128 MiB");
    }

    /// <returns>Null if the block is damaged or not supported.</returns>
    public static XzBlock? TryRead(ReadOnlySpan<byte> file)
    {
        if (file.Length < StreamHeaderBytes + 2 || file[7] != Crc32Check) return null;
        var length = (file[StreamHeaderBytes] + 1) * 4;
        // A size of 0 marks the index: the stream has no blocks.
        if (file[StreamHeaderBytes] == 0 || length > file.Length - StreamHeaderBytes) return null;
        var header = file.Slice(StreamHeaderBytes, length);
        if (Crc32.HashToUInt32(header[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(header[^4..])) return null;

        // Kernels are compressed from a pipe, so the header has no sizes, and the flag bits for them are clear.
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

        return header.Length - 4 - at >= 3 && header[at] == Lzma2 && header[at + 1] == 1
            ? new(hasX86, header[at + 2], StreamHeaderBytes + length)
            : null;
    }
}
