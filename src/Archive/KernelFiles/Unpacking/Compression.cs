using System.Buffers.Binary;
using Relo.Archive.Blobs;
using Relo.Core.Bytes;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.LZMA;
using SharpCompress.Compressors.Xz;

namespace Relo.Archive.KernelFiles.Unpacking;

/// <summary>A compression format, recognised by its magic.</summary>
/// <param name="Name">Its name in messages.</param>
/// <param name="Magic">The magic.</param>
/// <param name="Open">
/// Opens a decoder. Decoders do not limit their output, so use <see cref="Unpacker.Open"/>. The flag says that other bytes may follow, as
/// in a boot image; otherwise the compressed data ends where the memory ends.
/// </param>
internal sealed record Compression(string Name, ReadOnlyMemory<byte> Magic, Func<ReadOnlyMemory<byte>, bool, Stream> Open)
{
    // The decoder allocates the window (dictionary) that the header declares. The kernel's build uses up to 128 MiB.
    private const int MaxWindowBytes = 128 << 20;

    private const int LzmaHeaderBytes = 13;

    /// <summary>All formats, those with the most distinctive magic first.</summary>
    public static IReadOnlyList<Compression> All { get; } =
    [
        new("xz", new byte[] { 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00 }, OpenXz),
        new("zstd", new byte[] { 0x28, 0xb5, 0x2f, 0xfd }, (packed, followed) => new ZstdStream(packed, followed)),
        new("lz4 (legacy)", new byte[] { 0x02, 0x21, 0x4c, 0x18 }, (packed, _) => new Lz4LegacyStream(packed)),
        new("lz4", new byte[] { 0x04, 0x22, 0x4d, 0x18 }, (packed, _) => new Lz4FrameStream(packed)),
        new("gzip", new byte[] { 0x1f, 0x8b, 0x08 }, (packed, followed) => new GzipMembersStream(packed, followed)),
        new("bzip2", "BZh"u8.ToArray(), OpenBzip2),
        new("lzma", new byte[] { 0x5d, 0x00, 0x00 }, OpenLzma),
    ];

    /// <summary>The format of compressed bytes, or null.</summary>
    public static Compression? Of(ReadOnlySpan<byte> head)
    {
        foreach (var one in All)
            if (one.Recognises(head)) return one;
        return null;
    }

    /// <summary>The error for an unknown format.</summary>
    public static KernelFileException Unknown(string what, ReadOnlySpan<byte> packed)
    {
        var known = string.Join(", ", All.Select(c => c.Name));
        var begins = $"{what} begins with {Convert.ToHexStringLower(packed[..Math.Min(6, packed.Length)])}";
        return new(FileKind.Of(packed) is { Group: FileKindGroup.Packed } kind
            ? $"{begins}: it is compressed with {kind.Name}, which is not supported; decompress it first (scripts/extract-vmlinux of "
                + "the kernel's "
                + $"source does, with {kind.Unpack}). Supported are {known}"
            : $"{begins}; expected {known}");
    }

    public bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith(Magic.Span) && (Name != "lzma" || IsLzma(head));

    private static Stream OpenXz(ReadOnlyMemory<byte> packed, bool followed) =>
        LiblzmaStream.IsThere ? new LiblzmaStream(packed, followed) : OpenManagedXz(packed, followed);

    /// <summary>The managed decoder: slower; supports the checks and filters that kernels and packages use.</summary>
    internal static Stream OpenManagedXz(ReadOnlyMemory<byte> packed, bool followed)
    {
        if (XzBlock.TryRead(packed.Span) is { } block && (block.HasX86Filter || followed)) return new XzBlockStream(packed, block);
        XzWindows.Check(packed.Span);
        return new XZStream(new BytesStream(packed));
    }

    private static BZip2Stream OpenBzip2(ReadOnlyMemory<byte> packed, bool followed) => BZip2Stream.Create(
        new BytesStream(packed), SharpCompress.Compressors.CompressionMode.Decompress, decompressConcatenated: !followed);

    private static LzmaStream OpenLzma(ReadOnlyMemory<byte> packed, bool followed)
    {
        var header = packed.Span[..LzmaHeaderBytes];
        if (BinaryPrimitives.ReadUInt32LittleEndian(header[1..]) is > MaxWindowBytes and var window)
            throw new InvalidDataException($"its window has {window} bytes, at most {MaxWindowBytes} are accepted");
        var stream = new BytesStream(packed[LzmaHeaderBytes..]);
        return LzmaStream.Create(header[..5].ToArray(), stream, -1, BinaryPrimitives.ReadInt64LittleEndian(header[5..]), false);
    }

    // The magic has only three bytes, so checks more: the dictionary is 2^n or 3·2^n, and the size is unknown (-1) or plausible.
    private static bool IsLzma(ReadOnlySpan<byte> head)
    {
        if (head.Length <= LzmaHeaderBytes) return false;
        var dictionary = BinaryPrimitives.ReadUInt32LittleEndian(head[1..]);
        var size = BinaryPrimitives.ReadInt64LittleEndian(head[5..]);
        var isPower = (dictionary & (dictionary - 1)) == 0 || (dictionary % 3 == 0 && ((dictionary / 3) & ((dictionary / 3) - 1)) == 0);
        return isPower && size is -1 or (> 0 and < 1L << 38);
    }
}
