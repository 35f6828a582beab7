using System.Buffers.Binary;
using Relo.Archive.KernelFiles.Unpacking;

namespace Relo.Archive.KernelFiles.Images;

/// <summary>
/// A raw kernel image without section headers: the Image of arm64 and riscv, or the payload of other boot images. Its BTF is found by
/// magic. Without BTF, it may contain a compressed kernel (s390x), also found by magic.
/// </summary>
internal static class BootImage
{
    // Offsets of the magics.
    private const int S390At = 0x10008, ArmAt = 0x38, RiscvAt = 0x30;

    // The zImage of 32-bit ARM (arch/arm/boot/compressed/head.S), which decompresses itself; its header does not name the ARM version.
    private const int ZImageAt = 0x24;
    private const uint ZImageMagic = 0x016f2818;

    public static bool Recognises(ReadOnlySpan<byte> head) => ArchOf(head) is not null || IsZImage(head);

    /// <summary>The architecture in the image's header; null if it has none.</summary>
    public static string? ArchOf(ReadOnlySpan<byte> head)
    {
        if (head.Length < 64) return null;
        if (head[ArmAt..].StartsWith("ARM\x64"u8)) return "arm64";
        if (head[RiscvAt..].StartsWith("RISCV\0\0\0"u8)) return "riscv64";
        if (head.Length > S390At + 6 && head[S390At..].StartsWith("S390EP"u8)) return "s390x";
        return PeMachine(head);
    }

    /// <exception cref="KernelFileException">It contains no BTF.</exception>
    public static KernelFile Read(ReadOnlyMemory<byte> image, Unpacker unpacker, int depth)
    {
        var arch = ArchOf(image.Span);
        if (BtfSearch.Find(image, unpacker.Limits, unpacker.Ct) is { } btf)
            return KernelBanner.Find(image.Span).Describe(new(btf, "kernel image") { Arch = arch });
        if (depth > 0 && PayloadSearch.Find(image, unpacker, depth) is { } inner) return inner with { Arch = inner.Arch ?? arch };
        var what = arch is null ? "the kernel image" : $"the {arch} kernel image";
        throw new KernelFileException(KernelConfig.IsInAndLacksBtf(image, unpacker)
            ? $"{what} contains no BTF: {KernelConfig.BuiltWithout}"
            : $"no BTF was found in {what}, nor a compressed kernel that contains any; {KernelConfig.Remedy}");
    }

    private static bool IsZImage(ReadOnlySpan<byte> head) =>
        head.Length >= 64
            && (BinaryPrimitives.ReadUInt32LittleEndian(head[ZImageAt..]) == ZImageMagic
                || BinaryPrimitives.ReadUInt32BigEndian(head[ZImageAt..]) == ZImageMagic);

    // EFI-bootable images are also PE files, whose header names the machine (PE/COFF specification).
    private static string? PeMachine(ReadOnlySpan<byte> head)
    {
        if (!PeSections.TryRead(head, out var sections)) return null;
        return sections.Machine switch
        {
            0x8664 => "x86_64",
            0xaa64 => "arm64",
            0x5064 => "riscv64",
            0x6264 => "loongarch64",
            _ => null,
        };
    }
}
