using System.Buffers.Binary;
using System.Text;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>Containers of boot loaders, with only the fields that locate the kernel.</summary>
internal static class TinyContainer
{
    private const int PageBytes = 2048, FixedPageBytes = 4096;

    /// <summary>
    /// Android's boot image (system/tools/mkbootimg, bootimg.h): versions 3 and 4 have pages of 4096 bytes and no field for it.
    /// </summary>
    public static byte[] Android(byte[] kernel, uint version)
    {
        var page = version < 3 ? PageBytes : FixedPageBytes;
        var file = new byte[page + kernel.Length + 100];
        "ANDROID!"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), kernel.Length);
        if (version < 3) BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(36), page);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), version);
        kernel.CopyTo(file, page);
        return file;
    }

    /// <summary>U-Boot's older image (include/image.h).</summary>
    public static byte[] UBoot(byte[] data, byte type = 2)
    {
        var file = new byte[64 + data.Length];
        new byte[] { 0x27, 0x05, 0x19, 0x56 }.CopyTo(file, 0);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(12), data.Length);
        file[30] = type;
        data.CopyTo(file, 64);
        return file;
    }

    /// <summary>The data of a U-Boot image of several parts: their sizes, a zero, the parts.</summary>
    public static byte[] Parts(params byte[][] parts) =>
        [.. parts.SelectMany(p => Word((uint)p.Length)), 0, 0, 0, 0, .. parts.SelectMany(p => (byte[])[.. p, .. new byte[-p.Length & 3]])];

    /// <summary>A flat device tree with /images/first and the given properties, followed by the given bytes.</summary>
    public static byte[] Fit(byte[] behind, params (string Name, byte[] Value)[] properties)
    {
        var strings = new MemoryStream();
        var structure = new MemoryStream();
        Begin("");
        Begin("images");
        Begin("first");
        foreach (var (name, value) in properties)
        {
            structure.Write(
                [.. Word(3), .. Word((uint)value.Length), .. Word((uint)strings.Length), .. value, .. new byte[-value.Length & 3]]);
            strings.Write(Encoding.ASCII.GetBytes(name + '\0'));
        }

        structure.Write([.. Word(2), .. Word(2), .. Word(2), .. Word(9)]);
        var total = 40 + (int)structure.Length + (int)strings.Length;
        return
        [
            0xd0, 0x0d, 0xfe, 0xed, .. Word((uint)total), .. Word(40), .. Word((uint)(40 + structure.Length)), .. new byte[16],
            .. Word((uint)strings.Length), .. Word((uint)structure.Length),
            .. structure.ToArray(), .. strings.ToArray(), .. behind.Length == 0 ? [] : new byte[-total & 3], .. behind,
        ];

        void Begin(string name)
        {
            var text = Encoding.ASCII.GetBytes(name + '\0');
            structure.Write([.. Word(1), .. text, .. new byte[-text.Length & 3]]);
        }
    }

    /// <summary>A program for firmware (PE) with these sections.</summary>
    public static byte[] Pe(params (string Name, byte[] Bytes)[] sections)
    {
        const int header = 0x40, table = header + 24;
        var at = table + (40 * sections.Length);
        var file = new byte[at + sections.Sum(s => s.Bytes.Length + 16)];
        "MZ"u8.CopyTo(file);
        file[0x3c] = header;
        "PE\0\0"u8.CopyTo(file.AsSpan(header));
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(header + 4), 0x8664);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(header + 6), (ushort)sections.Length);
        for (var i = 0; i < sections.Length; i++)
        {
            var (name, bytes) = sections[i];
            var entry = file.AsSpan(table + (40 * i));
            Encoding.ASCII.GetBytes(name, entry);
            BinaryPrimitives.WriteInt32LittleEndian(entry[8..], bytes.Length);
            BinaryPrimitives.WriteInt32LittleEndian(entry[16..], bytes.Length + 16);
            BinaryPrimitives.WriteInt32LittleEndian(entry[20..], at);
            bytes.CopyTo(file, at);
            at += bytes.Length + 16;
        }

        return file;
    }

    /// <summary>The zImage of 32-bit ARM: its magic, then somewhere the packed kernel.</summary>
    public static byte[] ZImage(byte[] packed)
    {
        var file = new byte[0x200 + packed.Length + 16];
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(0x24), 0x016f2818);
        packed.CopyTo(file, 0x200);
        return file;
    }

    /// <summary>A number in the format of U-Boot and device trees.</summary>
    public static byte[] Word(uint value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }
}
