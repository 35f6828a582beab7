using System.Buffers.Binary;
using System.Text;
using Relo.Core.Bpf;
using Relo.Core.Bytes;
using Relo.Core.Objects;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Elf;

/// <summary>Names the file that was sent instead of a BPF object, and says what to do.</summary>
public class ForeignFileTests
{
    public static TheoryData<byte[], string> Files() => new()
    {
        { [0x1f, 0x8b, 8, 8], "compressed with gzip: send it with 'Content-Encoding: gzip', or decompress it first (gunzip)" },
        { [0x28, 0xb5, 0x2f, 0xfd], "'Content-Encoding: zstd'" },
        { [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], "compressed with xz: decompress it first (xz -d)" },
        { [0x42, 0x43, 0xc0, 0xde], "LLVM bitcode" },
        { "; ModuleID = 'x.bpf.c'"u8.ToArray(), "llc -march=bpf" },
        { "PK\x03\x04"u8.ToArray(), "a zip archive: send the BPF object inside it (unzip)" },
        { [0x9f, 0xeb, 1, 0, 24, 0, 0, 0], "raw BTF" },
        { "#include <linux/bpf.h>\n"u8.ToArray(), "C source" },
        { "<!DOCTYPE html><html>"u8.ToArray(), "HTML" },
        { "version https://git-lfs.github.com/spec/v1"u8.ToArray(), "git lfs pull" },
        { "MZ"u8.ToArray(), "PE program" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_of_another_kind_is_named_with_the_remedy(byte[] begin, string expected)
    {
        var fault = Refused([.. begin, .. Enumerable.Repeat((byte)' ', 100)]);
        Assert.Equal(MalformedObjectException.NotABpfObject, fault.Code);
        Assert.Contains(expected, fault.Message);
    }

    // libbpf's skeletons and Go's embed have the object byte for byte in .rodata.
    [Theory]
    [InlineData(2, 62, "an executable for x86_64")]
    [InlineData(3, 183, "an executable or shared library for arm64")]
    [InlineData(1, 62, "an object file for x86_64")]
    public void The_objects_inside_a_program_are_listed_and_can_be_cut_out(int type, int machine, string name)
    {
        byte[] one = Object("kprobe/one"), two = Object("tp/two", "xdp");
        var file = Program(type, machine, [1, 2, 3], one, new byte[13], two, [4]);
        var message = Refused(file).Message;
        Assert.Contains(
            $"{name} that contains 2 BPF objects: {one.Length} bytes at offset 67 (kprobe/one), {two.Length} bytes at offset "
                + $"{67 + one.Length + 13} (tp/two, xdp)", message);
        Assert.Contains($"tail -c +68 FILE | head -c {one.Length} > first.bpf.o", message);
        BpfObject.Read(file.AsMemory(67, one.Length));
        BpfObject.Read(file.AsMemory(67 + one.Length + 13, two.Length));
    }

    [Fact]
    public void A_32_bit_program_may_hold_objects_too()
    {
        var file = Program(2, 40, Object("xdp"));
        file[4] = 1;
        Assert.Contains("an executable for ARM that contains 1 BPF object:", Refused(file).Message);
    }

    [Fact]
    public void The_list_ends_somewhere()
    {
        var message = Refused(Program(2, 62, [.. Enumerable.Range(0, 30).Select(_ => Object("xdp"))])).Message;
        Assert.Contains("more than 8 BPF objects", message);
        Assert.Equal(8, message.Split(" bytes at offset ").Length - 1);
        Assert.Contains("s5 and 2 more", Refused(Program(2, 62, Object([.. Enumerable.Range(0, 8).Select(i => $"s{i}")]))).Message);
    }

    [Fact]
    public void A_program_without_objects_and_one_that_is_cut_within_its_object_are_named()
    {
        Assert.Contains("no BPF object was found inside it", Refused(Program(2, 62, new byte[500])).Message);
        var whole = Program(2, 62, Object("xdp"));
        for (var length = 64; length < whole.Length; length++)
            Assert.Contains("no BPF object was found inside it", Refused(whole[..length]).Message);
    }

    [Fact]
    public void Nothing_but_beginnings_of_objects_costs_little()
    {
        var begin = Object("xdp").AsSpan(0, 64).ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(begin.AsSpan(60), 1000); // e_shnum
        var file = Program(2, 62, [.. Enumerable.Repeat(begin, 100_000)]);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Refused(file);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"it took {watch.Elapsed}");
    }

    private static MalformedObjectException Refused(byte[] file) => Assert.Throws<MalformedObjectException>(() => BpfObject.Read(file));

    private static byte[] Object(params string[] sections)
    {
        var writer = new ObjectWriter();
        foreach (var section in sections) writer.Section(section).Add(new Instruction(0x95, 0, 0, 0, 0));
        return writer.ToBytes();
    }

    private static byte[] Program(int type, int machine, params byte[][] content)
    {
        var header = new byte[64];
        "\x7f"u8.CopyTo(header);
        Encoding.ASCII.GetBytes("ELF", header.AsSpan(1));
        header[4] = 2;
        header[5] = 1;
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(16), (ushort)type);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(18), (ushort)machine);
        return [.. header, .. content.SelectMany(c => c)];
    }
}
