using System.Buffers.Binary;
using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.KernelFiles.Images;

/// <summary>
/// Android's boot image (system/tools/mkbootimg, bootimg.h), versions 0 to 4: a header of one page, then the kernel.
/// <code>
/// 0 "ANDROID!" | 8 kernel size | … | versions 0 to 2: 36 page size | 40 version (device tree size in some of version 0)
///                                  versions 3 and 4: 20 header size | 40 version; a page has 4096 bytes
/// </code>
/// </summary>
internal static class AndroidBoot
{
    private const int HeaderBytes = 44, FixedPageBytes = 4096;
    private const uint LastVersion = 4, LargestPageBytes = 1 << 17;

    public static bool Recognises(ReadOnlySpan<byte> head) => head.StartsWith("ANDROID!"u8);

    public static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker unpacker, int depth)
    {
        var head = file.Span;
        if (head.Length < HeaderBytes)
            throw new KernelFileException($"the Android boot image has {head.Length} bytes, but its header needs {HeaderBytes}");
        var version = BinaryPrimitives.ReadUInt32LittleEndian(head[40..]);
        var page = version is 3 or LastVersion ? FixedPageBytes : BinaryPrimitives.ReadUInt32LittleEndian(head[36..]);
        var size = BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        if (page is < HeaderBytes or > LargestPageBytes)
            throw new KernelFileException(
                $"the Android boot image has a page size of {page} bytes, expected 2048 to {LargestPageBytes}; send the kernel "
                + "inside it");
        if (size == 0)
            throw new KernelFileException(
                "the Android boot image contains no kernel (a vendor_boot or init_boot image has none); send boot.img");
        if (page > head.Length || size > head.Length - page)
            throw new KernelFileException(
                $"the Android boot image is truncated: its kernel is at 0x{page:x} + 0x{size:x}, but the file has 0x{head.Length:x} bytes");
        return KernelFileReader.ReadPart(file.Slice((int)page, (int)size), unpacker, depth - 1).In("Android boot image");
    }
}
