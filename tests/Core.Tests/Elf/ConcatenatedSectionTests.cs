using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Bytes;
using Relo.Core.Objects;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Elf;

/// <summary>
/// A linker that does not know BTF puts the sections of its inputs after one another, and loaders read the first header only.
/// </summary>
public class ConcatenatedSectionTests
{
    private static byte[] Ext(bool bigEndian) => Sections(bigEndian).Ext;

    private static (byte[] Types, byte[] Ext) Sections(bool bigEndian)
    {
        var bpf = BpfObject.Read(Writer(bigEndian).ToBytes());
        return (bpf.Elf.DataOf(bpf.Elf.FindSection(".BTF")!).ToArray(), bpf.Elf.DataOf(bpf.Elf.FindSection(".BTF.ext")!).ToArray());
    }

    private static ObjectWriter Writer(bool bigEndian, byte[]? afterBtf = null, byte[]? afterExt = null)
    {
        var writer = new ObjectWriter(bigEndian) { AfterBtf = afterBtf ?? [], AfterBtfExt = afterExt ?? [] };
        var section = writer.Section("kprobe/x");
        section.Add(Asm.Mov(1, 0), Asm.Exit);
        writer.Relo(section, 0, writer.Btf.Struct("s", 8, new BtfWriter.Member("x", writer.Btf.Int("u64", 8), 0)), "0:0",
            CoreReloKind.FieldByteOffset);
        return writer;
    }

    private static readonly bool[] Orders = [false, true];
    private static readonly int[] Paddings = [0, 1, 4, 12];

    public static TheoryData<bool, bool, int> Blobs =>
        new(from first in Orders from second in Orders from padding in Paddings select (first, second, padding));

    [Theory]
    [MemberData(nameof(Blobs))]
    public void Two_btf_sections_in_one_are_refused_with_what_to_do(bool first, bool second, int padding)
    {
        byte[] tail = [.. new byte[padding], .. Sections(second).Types];
        var fault = Assert.Throws<MalformedObjectException>(() => BpfObject.Read(Writer(first, afterBtf: tail).ToBytes()));
        Assert.Equal((MalformedObjectException.MalformedObject, ".BTF"), (fault.Code, fault.Section));
        Assert.Contains("bpftool gen object", fault.Message, StringComparison.Ordinal);
        Assert.Equal(Sections(first).Types.Length + padding, fault.Offset);
    }

    [Theory]
    [MemberData(nameof(Blobs))]
    public void Two_btf_ext_sections_in_one_are_refused_with_what_to_do(bool first, bool second, int padding)
    {
        byte[] tail = [.. new byte[padding], .. Ext(second)];
        var fault = Assert.Throws<MalformedObjectException>(() => BpfObject.Read(Writer(first, afterExt: tail).ToBytes()));
        Assert.Equal((MalformedObjectException.MalformedObject, ".BTF.ext"), (fault.Code, fault.Section));
        Assert.Contains("bpftool gen object", fault.Message, StringComparison.Ordinal);
        Assert.Equal(Ext(first).Length + padding, fault.Offset);
    }

    [Theory]
    [InlineData("000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("9feb01009feb01009feb0100")] // the magic alone, without room for a header
    [InlineData("9feb02000000000018000000000000000000000000000000000000000000")] // another version
    [InlineData("9feb0100ffffffff18000000000000000000000000000000000000000000")] // a header longer than the file
    public void Padding_and_other_bytes_after_the_sections_are_fine(string hex)
    {
        var tail = Convert.FromHexString(hex);
        Assert.Single(BpfObject.Read(Writer(false, afterBtf: tail, afterExt: tail).ToBytes()).Records);
    }

    [Fact]
    public void Objects_that_were_relocated_and_then_concatenated_are_refused_too()
    {
        var bytes = Writer(false, afterExt: Ext(false)).ToBytes();
        var at = bytes.AsSpan().IndexOf(Ext(false));
        Assert.True(at > 0);
        bytes.AsSpan(at + 24, 8).Clear(); // as relocation does
        Assert.Throws<MalformedObjectException>(() => BpfObject.Read(bytes));
    }
}
