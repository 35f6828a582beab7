using System.Buffers.Binary;

namespace Relo.Api.Tests.Fixtures;

/// <summary>As many different BTF as a test needs, each of them sound: a sample's types with a name behind the others that nobody uses.</summary>
internal static class MadeUpBtf
{
    private const int StringBytesAt = 20; // str_len of the header (btf.rst)

    /// <summary>BTF that differs by <paramref name="name"/>, and is so much larger.</summary>
    public static byte[] Of(string name, int extraBytes = 0)
    {
        byte[] btf = [.. Samples.NewBtf, .. System.Text.Encoding.ASCII.GetBytes(name), .. new byte[1 + extraBytes]];
        var strings = BinaryPrimitives.ReadInt32LittleEndian(btf.AsSpan(StringBytesAt));
        BinaryPrimitives.WriteInt32LittleEndian(btf.AsSpan(StringBytesAt), strings + name.Length + 1 + extraBytes);
        return btf;
    }
}
