using System.Buffers.Binary;
using System.Text;

namespace Relo.Benchmarks;

/// <summary>As many different BTF as a benchmark needs, each of them sound.</summary>
internal static class MadeUpBtf
{
    private const int StringBytesAt = 20; // str_len of the header (btf.rst)

    /// <summary>The same types with a name behind the others that no type uses, so that the digest differs.</summary>
    public static byte[] WithName(byte[] btf, string name)
    {
        byte[] made = [.. btf, .. Encoding.ASCII.GetBytes(name), 0];
        var strings = made.AsSpan(StringBytesAt);
        BinaryPrimitives.WriteInt32LittleEndian(strings, BinaryPrimitives.ReadInt32LittleEndian(strings) + name.Length + 1);
        return made;
    }
}
