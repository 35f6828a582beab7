using System.Buffers.Binary;
using System.Text;

namespace Relo.Benchmarks;

/// <summary>Any number of different, valid BTF for a benchmark.</summary>
internal static class MadeUpBtf
{
    private const int StringBytesAt = 20; // str_len of the header (btf.rst)

    /// <summary>The same types with an additional unused name, so that the digest differs.</summary>
    public static byte[] WithName(byte[] btf, string name)
    {
        byte[] made = [.. btf, .. Encoding.ASCII.GetBytes(name), 0];
        var strings = made.AsSpan(StringBytesAt);
        BinaryPrimitives.WriteInt32LittleEndian(strings, BinaryPrimitives.ReadInt32LittleEndian(strings) + name.Length + 1);
        return made;
    }
}
