using System.Buffers.Binary;
using System.Text;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>Boot images around a payload, with only the fields that locate it.</summary>
internal static class TinyImage
{
    public const string Banner =
        "Linux version 6.1.0-38-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP Debian 6.1.147-1 "
            + "(2025-08-02)\n";

    /// <summary>A vmlinux large enough to be worth compressing.</summary>
    public static byte[] Vmlinux(byte[] btf) => TinyElf.Vmlinux(btf, Banner + new string('x', 5000));

    /// <summary>
    /// x86: setup of one sector after the boot sector, then the payload, followed by its unpacked size as the kernel's build appends it.
    /// </summary>
    public static byte[] BzImage(byte[] payload, int? unpackedBytes, string version = "")
    {
        const int payloadAt = 1024;
        var file = new byte[payloadAt + payload.Length + (unpackedBytes is null ? 0 : 4) + 64];
        file[0x1f1] = 1;
        file[0x1fe] = 0x55;
        file[0x1ff] = 0xaa;
        "HdrS"u8.CopyTo(file.AsSpan(0x202));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x206), 0x20f);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x20e), 0x100);
        Encoding.ASCII.GetBytes(version, file.AsSpan(0x300));
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(0x24c), payload.Length + (unpackedBytes is null ? 0 : 4));
        payload.CopyTo(file, payloadAt);
        if (unpackedBytes is { } size) BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(payloadAt + payload.Length), size);
        return file;
    }

    /// <summary>An EFI zboot image of a machine.</summary>
    public static byte[] Zboot(byte[] payload, ushort peMachine = 0x6264)
    {
        const int payloadAt = 0x200;
        var file = new byte[payloadAt + payload.Length + 32];
        "MZ\0\0zimg"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), payloadAt);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(12), payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(0x3c), 0x40);
        "PE\0\0"u8.CopyTo(file.AsSpan(0x40));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x44), peMachine);
        payload.CopyTo(file, payloadAt);
        return file;
    }

    /// <summary>An arm64 Image: a kernel as in memory.</summary>
    public static byte[] Arm64(byte[] content) => Headed(0x38, "ARM\x64"u8, 64, content);

    /// <summary>The boot image of s390x, with the compressed kernel at an unknown offset.</summary>
    public static byte[] S390(byte[] content) => Headed(0x10008, "S390EP"u8, 0x11000, content);

    /// <summary>A kernel in memory: banner and BTF among other bytes.</summary>
    public static byte[] Memory(byte[] btf, string banner = Banner) =>
        [.. new byte[1000], .. Encoding.ASCII.GetBytes(banner), .. new byte[3000], .. btf, .. new byte[500]];

    private static byte[] Headed(int at, ReadOnlySpan<byte> magic, int headerBytes, byte[] content)
    {
        var file = new byte[headerBytes + content.Length + 100];
        magic.CopyTo(file.AsSpan(at));
        content.CopyTo(file, headerBytes);
        return file;
    }
}
