using System.Buffers.Binary;
using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.KernelFiles.Images;

/// <summary>
/// An EFI-bootable kernel that decompresses itself (drivers/firmware/efi/libstub/zboot-header.S), on arm64, riscv and loongarch:
/// <code>
/// 0 "MZ" | 4 "zimg" | 8 payload offset | 12 payload size | 24 name of the compression, NUL
/// </code>
/// </summary>
internal static class EfiZboot
{
    public static bool Recognises(ReadOnlySpan<byte> head) =>
        head.Length >= 64 && head.StartsWith("MZ"u8) && head[4..].StartsWith("zimg"u8);

    public static KernelFile Read(ReadOnlyMemory<byte> file, Unpacker unpacker, int depth)
    {
        uint start = BinaryPrimitives.ReadUInt32LittleEndian(file.Span[8..]),
            length = BinaryPrimitives.ReadUInt32LittleEndian(file.Span[12..]);
        if (start > (uint)file.Length || length > (uint)file.Length - start)
            throw new KernelFileException(
                $"the EFI zboot image is truncated: its payload is at 0x{start:x} + 0x{length:x}, but the file has 0x{file.Length:x} "
                + "bytes");
        var payload = file.Slice((int)start, (int)length);
        if (Compression.Of(payload.Span) is not { } compression)
            throw Compression.Unknown("the EFI zboot image's payload", payload.Span);
        var inner =
            KernelFileReader.ReadImage(unpacker.Unpack(compression, payload, followed: true), unpacker, depth - 1)
                .In($"{compression.Name} in EFI zboot");
        return inner with { Arch = BootImage.ArchOf(file.Span) ?? inner.Arch };
    }
}
