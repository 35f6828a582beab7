using System.Buffers.Binary;
using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.KernelFiles.Images;

/// <summary>
/// An x86 boot image (Documentation/arch/x86/boot.rst): a real-mode setup part, whose header locates the compressed kernel.
/// <code>
/// 0x1f1 setup_sects | 0x1fe 55aa | 0x202 "HdrS" | 0x206 version | 0x20e kernel_version | 0x248 payload_offset | 0x24c payload_length
/// file:  sector 0 | setup_sects sectors | protected mode: … payload …
/// payload: a vmlinux in gzip, xz, zstd, lz4, lzma or bzip2, followed by its size, except for gzip
/// </code>
/// </summary>
internal static class BzImage
{
    private const int SectorBytes = 512, HeaderBytes = 0x250, HasPayload = 0x208;

    public static bool Recognises(ReadOnlySpan<byte> head) =>
        head.Length >= HeaderBytes && head[0x1fe] == 0x55 && head[0x1ff] == 0xaa && head[0x202..].StartsWith("HdrS"u8);

    public static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker unpacker, int depth)
    {
        var head = file.Span;
        if (BinaryPrimitives.ReadUInt16LittleEndian(head[0x206..]) is var version and < HasPayload)
            throw new KernelFileException(
                $"the bzImage has boot protocol {version >> 8}.{version & 0xff:00}, expected 2.08 (2008) or later, which locates the "
                + "kernel");
        // boot.rst: 0 means 4, for compatibility.
        var setup = (head[0x1f1] == 0 ? 4 : head[0x1f1]) + 1L;
        var start = (setup * SectorBytes) + BinaryPrimitives.ReadUInt32LittleEndian(head[0x248..]);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(head[0x24c..]);
        if (start > file.Length || length > file.Length - start)
            throw new KernelFileException(
                $"the bzImage is truncated: its payload is at 0x{start:x} + 0x{length:x}, but the file has 0x{file.Length:x} bytes");
        var payload = file.Slice((int)start, (int)length);
        if (Compression.Of(payload.Span) is not { } compression)
            throw Compression.Unknown("the bzImage's payload", payload.Span);

        var kernel = unpacker.Unpack(compression, payload, followed: true);
        CheckSize(compression, payload.Span, kernel.Length);
        var inner = KernelFileReader.ReadImage(kernel, unpacker, depth - 1).In($"{compression.Name} in bzImage");
        return inner.Release is null ? Version(head).Describe(inner) : inner;
    }

    // Legacy lz4 has no checksum, so the appended size is the only integrity check.
    private static void CheckSize(Compression compression, ReadOnlySpan<byte> payload, int unpacked)
    {
        if (payload.Length < 4) return;
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(payload[^4..]);
        if (expected != (uint)unpacked)
            throw new KernelFileException(
                $"the bzImage's {compression.Name} payload decompresses to {unpacked} bytes, but the size after it is {expected}: it is "
                + "truncated or damaged");
    }

    private static KernelBanner Version(ReadOnlySpan<byte> head)
    {
        var at = BinaryPrimitives.ReadUInt16LittleEndian(head[0x20e..]) + 0x200;
        return at < head.Length ? KernelBanner.Read(head[at..]) : default;
    }
}
