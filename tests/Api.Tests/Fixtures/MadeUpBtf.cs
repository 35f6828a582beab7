using System.Buffers.Binary;
using Relo.Core.Btf;

namespace Relo.Api.Tests.Fixtures;

/// <summary>Any number of different, valid BTF: a sample's types with an additional unused name.</summary>
internal static class MadeUpBtf
{
    private const int StringBytesAt = 20; // str_len of the header (btf.rst)

    /// <summary>BTF that differs by <paramref name="name"/> and is larger by its length.</summary>
    public static byte[] Of(string name, int extraBytes = 0, byte[]? from = null)
    {
        byte[] btf = [.. from ?? Samples.NewBtf, .. System.Text.Encoding.ASCII.GetBytes(name), .. new byte[1 + extraBytes]];
        var strings = BinaryPrimitives.ReadInt32LittleEndian(btf.AsSpan(StringBytesAt));
        BinaryPrimitives.WriteInt32LittleEndian(btf.AsSpan(StringBytesAt), strings + name.Length + 1 + extraBytes);
        return btf;
    }

    /// <summary>A task_struct that no other kernel has.</summary>
    public static byte[] Apart(string member)
    {
        var btf = new BtfWriter();
        btf.Struct("task_struct", 8, new BtfWriter.Member(member, btf.Int("long", 8, encoding: 1), 0));
        return btf.ToBytes();
    }

    /// <summary>Two task_structs with different offsets of pid: libbpf refuses the sample on it.</summary>
    public static byte[] Ambiguous()
    {
        var btf = new BtfWriter();
        var word = btf.Int("int", 4, encoding: 1);
        foreach (var bit in new[] { 0u, 64u }) btf.Struct("task_struct", 16, new BtfWriter.Member("pid", word, bit));
        return btf.ToBytes();
    }

    /// <summary>A task_struct without pid, which the sample reads unconditionally: the sample is broken on it.</summary>
    public static byte[] WithoutPid()
    {
        var btf = new BtfWriter();
        var word = btf.Int("long", 8, encoding: 1);
        btf.Struct("task_struct", 16, new BtfWriter.Member("flags", word, 0), new BtfWriter.Member("state", word, 64));
        return btf.ToBytes();
    }

    /// <summary>All that the sample reads unconditionally, on a kernel without hash maps, which the sample needs.</summary>
    public static byte[] WithoutHashMaps()
    {
        var btf = new BtfWriter();
        var (word, number) = (btf.Int("long", 8, encoding: 1), btf.Int("int", 4, encoding: 1));
        btf.Struct("task_struct", 16, new BtfWriter.Member("state", word, 0), new BtfWriter.Member("pid", number, 64));
        btf.Struct("thread_info", 8, new BtfWriter.Member("flags", word, 0));
        btf.Enum("bpf_map_type", 4, false, ("BPF_MAP_TYPE_UNSPEC", 0), ("BPF_MAP_TYPE_ARRAY", 2));
        return btf.ToBytes();
    }
}
