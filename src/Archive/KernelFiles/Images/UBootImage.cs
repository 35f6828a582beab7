using System.Buffers.Binary;
using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.KernelFiles.Images;

/// <summary>
/// U-Boot's legacy image (include/image.h, <c>mkimage</c>), all big-endian:
/// <code>
/// 0 27051956 | 4 header crc | 8 time | 12 size | 16 load | 20 entry | 24 data crc | 28 os | 29 machine | 30 type | 31 compression
/// 32 name 32 | 64 data
/// type 4 holds several: sizes, each 4, a 0, then the parts, each padded to 4; the first is the kernel
/// </code>
/// </summary>
internal static class UBootImage
{
    private const int HeaderBytes = 64, MaxParts = 16;
    private const byte SeveralType = 4;

    public static bool Recognises(ReadOnlySpan<byte> head) =>
        head.Length >= HeaderBytes && head.StartsWith((ReadOnlySpan<byte>)[0x27, 0x05, 0x19, 0x56]);

    public static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker unpacker, int depth)
    {
        var size = BinaryPrimitives.ReadUInt32BigEndian(file.Span[12..]);
        if (size > (uint)file.Length - HeaderBytes)
            throw new KernelFileException(
                $"the uImage is truncated: its header declares {size} bytes, but {file.Length - HeaderBytes} follow its header");
        var data = file.Slice(HeaderBytes, (int)size);
        return KernelFileReader.ReadPart(file.Span[30] == SeveralType ? FirstPart(data) : data, unpacker, depth - 1).In("uImage");
    }

    private static ReadOnlyMemory<byte> FirstPart(ReadOnlyMemory<byte> data)
    {
        for (var part = 0; part < MaxParts && data.Length >= (part + 1) * 4; part++)
        {
            if (BinaryPrimitives.ReadUInt32BigEndian(data.Span[(part * 4)..]) != 0) continue;
            var start = (part + 1) * 4;
            var size = part == 0 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(data.Span);
            return size <= (uint)(data.Length - start)
                ? data.Slice(start, (int)size)
                : throw new KernelFileException(
                    $"the uImage is truncated: its first part has {size} bytes, {data.Length - start} are left");
        }

        throw new KernelFileException($"the uImage's list of parts does not end within {MaxParts} parts");
    }
}
