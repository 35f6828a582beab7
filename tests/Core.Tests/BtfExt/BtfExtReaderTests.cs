using System.Buffers.Binary;
using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Bytes;
using Relo.Core.Objects;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.BtfExt;

/// <summary>libbpf btf_ext_parse, btf_ext_parse_sec_info. What libbpf ignores (and loads with the wrong offsets) is refused here.</summary>
public class BtfExtReaderTests
{
    private static byte[] Object(Action<byte[]>? edit = null, uint recordSize = 16, uint header = 32)
    {
        var o = new ObjectWriter { EditBtfExt = edit, CoreRecordSize = recordSize, ExtHeaderLength = header };
        var u32 = o.Btf.Int("int", 4);
        var s = o.Btf.Struct("s", 8, new("a", u32, 0), new BtfWriter.Member("b", u32, 32));
        var section = o.Section("raw_tp/x");
        section.Add(new Instruction(0x61, 1, 2, 0, 0), new Instruction(0x61, 1, 2, 4, 0), new Instruction(0x95, 0, 0, 0, 0));
        section.Line(0, "x.c", 7, 3, "\treturn s->a;");
        o.Relo(section, 0, s, "0:0", CoreReloKind.FieldByteOffset);
        o.Relo(section, 1, s, "0:1", CoreReloKind.FieldByteOffset);
        return o.ToBytes();
    }

    private static Action<byte[]> Set(int at, uint value) => ext => BinaryPrimitives.WriteUInt32LittleEndian(ext.AsSpan(at), value);

    // The core_relo subsection: after 32 bytes of header, 20 of func_info and 28 of line_info.
    private const int Core = 32 + 20 + 28;

    [Fact]
    public void Records_are_read_in_file_order()
    {
        var group = Assert.Single(BpfObject.Read(Object()).Ext!.CoreRelos);
        Assert.Equal("raw_tp/x", group.Name);
        Assert.Equal([0u, 8u], group.Records.Select(r => r.InstructionOffset));
    }

    [Fact]
    public void Records_larger_than_known_are_stepped_over() =>
        Assert.Equal([0u, 8u], BpfObject.Read(Object(recordSize: 24)).Ext!.CoreRelos[0].Records.Select(r => r.InstructionOffset));

    [Fact]
    public void A_header_from_before_core_has_no_records()
    {
        var bpf = BpfObject.Read(Object(header: 24));
        Assert.Empty(bpf.Records);
        Assert.Null(bpf.Ext!.CoreHeaderOffset);
    }

    [Theory]
    [InlineData(0, 0x0000ffffu, 0x0)]            // magic
    [InlineData(4, 20u, 0x4)]                    // hdr_len too short for line_info
    [InlineData(4, 0xffffffffu, 0x4)]            // hdr_len beyond the section
    [InlineData(24, 2u, 0x22)]                   // core_relo_off not aligned
    [InlineData(24, 0xfffffff0u, null)]          // core_relo_off beyond the section
    [InlineData(28, 0xfffffff0u, null)]          // core_relo_len beyond the section
    [InlineData(28, 4u, Core + 4)]               // a record size and no records
    [InlineData(Core, 12u, Core + 4)]            // records smaller than known
    [InlineData(Core, 18u, Core + 4)]            // records of no multiple of four
    [InlineData(Core + 4, 0xffffffu, null)]      // section name out of range
    [InlineData(Core + 4, 0u, null)]             // section without a name
    [InlineData(Core + 8, 0u, Core + 12)]        // no records in a section
    [InlineData(Core + 8, 0x10000000u, Core + 12)] // more records than bytes
    [InlineData(Core + 12 + 8, 0xffffffu, null)] // access string out of range
    public void Every_fault_is_malformed_and_says_where(int at, uint value, int? offset)
    {
        var fault = Assert.Throws<MalformedObjectException>(() => BpfObject.Read(Object(Set(at, value))));
        Assert.Equal((MalformedObjectException.MalformedObject, ".BTF.ext"), (fault.Code, fault.Section));
        if (offset is { } expected) Assert.Equal(expected, fault.Offset);
    }
}
