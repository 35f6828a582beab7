using System.Buffers.Binary;
using System.Text;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>A little-endian ELF64 of x86-64 with any sections.</summary>
internal static class SectionedElf
{
    private const int HeaderBytes = 64, SectionBytes = 64;

    /// <summary>A module.</summary>
    public static byte[] Module(string name, string release, params (string Name, byte[] Bytes)[] sections) =>
        Of(1, [(".modinfo", Encoding.ASCII.GetBytes($"license=GPL\0name={name}\0vermagic={release} SMP \0")), .. sections]);

    /// <summary>A kernel.</summary>
    public static byte[] Vmlinux(string release, params (string Name, byte[] Bytes)[] sections) =>
        Of(2, [(".rodata", Encoding.ASCII.GetBytes($"Linux version {release} (builder@host) (gcc) #1 SMP\n\0")), .. sections]);

    private static byte[] Of(int type, (string Name, byte[] Bytes)[] sections)
    {
        (string Name, byte[] Bytes)[] all = [("", []), .. sections,
            (".shstrtab", Encoding.ASCII.GetBytes("\0" + string.Concat(sections.Select(s => s.Name + "\0")) + ".shstrtab\0"))];
        var file = new MemoryStream();
        file.Write(new byte[HeaderBytes]);
        var headers = new byte[all.Length * SectionBytes];
        for (int i = 1, name = 1; i < all.Length; name += all[i++].Name.Length + 1)
        {
            while (file.Length % 8 != 0) file.WriteByte(0);
            var header = headers.AsSpan(i * SectionBytes);
            BinaryPrimitives.WriteInt32LittleEndian(header, name);
            BinaryPrimitives.WriteInt32LittleEndian(header[4..], 1); // SHT_PROGBITS
            BinaryPrimitives.WriteInt64LittleEndian(header[0x18..], file.Length);
            BinaryPrimitives.WriteInt64LittleEndian(header[0x20..], all[i].Bytes.Length);
            file.Write(all[i].Bytes);
        }

        var sectionsAt = file.Length;
        file.Write(headers);
        var bytes = file.ToArray();
        ((byte[])[0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]).CopyTo(bytes, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(16), (ushort)type);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(18), 62);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(0x28), sectionsAt);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x3a), SectionBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x3c), (ushort)all.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(0x3e), (ushort)(all.Length - 1));
        return bytes;
    }
}
