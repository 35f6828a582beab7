using System.Buffers.Binary;
using System.Text;

namespace Relo.Archive.Tests.Fixtures;

/// <summary>The smallest BTF, of a few integers; different for different names.</summary>
internal static class TinyBtf
{
    private const int HeaderBytes = 24, IntBytes = 16;

    public static byte[] Of(params string[] names) => Make("\0", 0, names);

    /// <summary>Split BTF on <c>Of(kernel)</c>: its name offsets continue after the kernel's.</summary>
    public static byte[] SplitOn(string[] kernel, params string[] names) => Make("", "\0".Length + kernel.Sum(n => n.Length + 1), names);

    private static byte[] Make(string first, int namesBefore, string[] names)
    {
        var strings = first + string.Concat(names.Select(n => n + "\0"));
        var bytes = new byte[HeaderBytes + (IntBytes * names.Length) + strings.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, 0xeb9f);
        bytes[2] = 1; // version
        Write(4, HeaderBytes);
        Write(12, IntBytes * names.Length); // type_len
        Write(16, IntBytes * names.Length); // str_off
        Write(20, strings.Length);
        var name = namesBefore + first.Length;
        for (var i = 0; i < names.Length; i++)
        {
            var at = HeaderBytes + (IntBytes * i);
            Write(at, name);
            Write(at + 4, 1 << 24); // BTF_KIND_INT
            Write(at + 8, 4);
            Write(at + 12, 0x01000020); // signed, 32 bits
            name += names[i].Length + 1;
        }

        Encoding.ASCII.GetBytes(strings, bytes.AsSpan(HeaderBytes + (IntBytes * names.Length)));
        return bytes;

        void Write(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
    }
}
