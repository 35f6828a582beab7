using System.Buffers.Binary;
using Relo.Core.Bpf;
using Relo.Core.Bytes;
using Relo.Core.Elf;
using Relo.Core.Objects;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Elf;

public class ElfReaderTests
{
    private static byte[] Some(bool bigEndian = false)
    {
        var o = new ObjectWriter(bigEndian);
        o.Section("kprobe/x").Add(new Instruction(0x95, 0, 0, 0, 0));
        return o.ToBytes();
    }

    private static MalformedObjectException Refused(Action<byte[]> edit)
    {
        var bytes = Some();
        edit(bytes);
        return Assert.Throws<MalformedObjectException>(() => BpfObject.Read(bytes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sections_and_programs_are_read_in_either_byte_order(bool bigEndian)
    {
        var bpf = BpfObject.Read(Some(bigEndian));
        Assert.Equal(bigEndian, bpf.Elf.IsBigEndian);
        Assert.Equal(("kprobe_x", "kprobe/x", 1), (bpf.Programs[0].Name, bpf.Programs[0].Section.Name, bpf.Programs[0].InstructionCount));
        Assert.Equal("GPL", bpf.License);
    }

    [Fact]
    public void No_elf_is_no_bpf_object() => Assert.Equal(MalformedObjectException.NotABpfObject, Refused(b => b[1] = (byte)'X').Code);

    [Theory]
    [InlineData(4, 1)]   // 32-bit
    [InlineData(5, 3)]   // no byte order
    [InlineData(16, 2)]  // an executable
    [InlineData(18, 62)] // x86-64
    public void Another_kind_of_elf_is_no_bpf_object(int at, byte value)
    {
        var fault = Refused(b => b[at] = value);
        Assert.Equal((MalformedObjectException.NotABpfObject, "ELF header", (long)at), (fault.Code, fault.Section, fault.Offset));
    }

    [Theory]
    [InlineData(40, 0xffffffffffffffffUL)] // e_shoff
    [InlineData(40, 0UL)]
    public void A_section_table_outside_the_file_is_malformed(int at, ulong value) =>
        Assert.Equal(
            MalformedObjectException.MalformedObject, Refused(b => BinaryPrimitives.WriteUInt64LittleEndian(b.AsSpan(at), value)).Code);

    [Theory]
    [InlineData(58, 63)]     // e_shentsize
    [InlineData(60, 0xff00)] // e_shnum
    [InlineData(62, 0xff00)] // e_shstrndx
    public void Section_counts_that_lie_are_malformed(int at, ushort value) =>
        Assert.Equal(
            MalformedObjectException.MalformedObject, Refused(b => BinaryPrimitives.WriteUInt16LittleEndian(b.AsSpan(at), value)).Code);

    [Fact]
    public void A_section_that_leaves_the_file_is_malformed()
    {
        var fault = Refused(b =>
        {
            var table = (int)BinaryPrimitives.ReadUInt64LittleEndian(b.AsSpan(40));
            BinaryPrimitives.WriteUInt64LittleEndian(b.AsSpan(table + 64 + 32), ulong.MaxValue - 8);
        });
        Assert.Equal((MalformedObjectException.MalformedObject, "section header table"), (fault.Code, fault.Section));
        Assert.Contains("section 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Extended_numbering_takes_the_counts_from_section_zero()
    {
        var bytes = Some();
        var table = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(40));
        var count = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(60));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(table + 32), count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(table + 40), BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(62)));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(60), 0);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(62), 0xffff);
        Assert.Equal(count, ElfReader.Read(bytes).Sections.Count);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var bytes = Some();
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<MalformedObjectException>(() => BpfObject.Read(bytes.AsMemory(0, length)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_object_without_btf_that_needs_none_has_nothing_to_relocate(bool bigEndian)
    {
        var o = new ObjectWriter(bigEndian) { OmitBtf = true, OmitBtfExt = true };
        o.Section("socket").Add(new Instruction(0x95, 0, 0, 0, 0));
        var bpf = BpfObject.Read(o.ToBytes());
        Assert.Empty(bpf.Records);
        Assert.Equal("socket", Assert.Single(bpf.Programs).Name);
    }

    /// <summary>libbpf_needs_btf: maps in BTF, struct_ops, externs; and .BTF.ext, which libbpf would ignore in silence.</summary>
    [Theory]
    [InlineData(".maps", false, "defines the maps in .maps")]
    [InlineData(".struct_ops", false, "defines the maps in .struct_ops")]
    [InlineData("?.struct_ops.link", false, "defines the maps in ?.struct_ops.link")]
    [InlineData("", true, ".BTF.ext refers to")]
    public void An_object_without_btf_that_needs_it_is_told_apart(string section, bool withExt, string need)
    {
        var o = new ObjectWriter { OmitBtf = true, OmitBtfExt = !withExt };
        o.Section("kprobe/x").Add(new Instruction(0x95, 0, 0, 0, 0));
        if (section.Length > 0) o.Section(section).Add(new Instruction(0, 0, 0, 0, 0));
        var fault = Assert.Throws<MalformedObjectException>(() => BpfObject.Read(o.ToBytes()));
        Assert.Equal(MalformedObjectException.NoBtf, fault.Code);
        Assert.Contains(need, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_extern_needs_btf()
    {
        var o = new ObjectWriter { OmitBtf = true, OmitBtfExt = true };
        var section = o.Section("kprobe/x");
        section.Add(new Instruction(0x85, 0, 1, 0, -1), new Instruction(0x95, 0, 0, 0, 0));
        section.ElfRelocation(0, "LINUX_KERNEL_VERSION");
        Assert.Contains("describes the extern 'LINUX_KERNEL_VERSION'",
            Assert.Throws<MalformedObjectException>(() => BpfObject.Read(o.ToBytes())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_without_btf_ext_has_nothing_to_relocate()
    {
        var o = new ObjectWriter { OmitBtfExt = true };
        o.Section("kprobe/x").Add(new Instruction(0x95, 0, 0, 0, 0));
        var bpf = BpfObject.Read(o.ToBytes());
        Assert.Null(bpf.Ext);
        Assert.Empty(bpf.Records);
    }
}
