using System.Buffers.Binary;
using Relo.Core.Btf;
using Relo.Core.Bytes;

namespace Relo.Core.Tests.Btf;

public class BtfReaderTests
{
    private static BtfWriter Some(bool bigEndian = false)
    {
        var b = new BtfWriter(bigEndian);
        var u64 = b.Int("long", 8, BtfInt.SignedEncoding);
        b.Struct("pair", 16, new("a", u64, 0), new("b", b.Ptr(u64), 64));
        return b;
    }

    private static MalformedObjectException Refused(byte[] bytes) => Assert.Throws<MalformedObjectException>(() => BtfReader.Read(bytes));

    private static byte[] Edited(int at, uint value)
    {
        var bytes = Some().ToBytes();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
        return bytes;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Types_are_read_in_either_byte_order(bool bigEndian)
    {
        var types = BtfReader.Read(Some(bigEndian).ToBytes());
        Assert.Equal(bigEndian, types.IsBigEndian);
        Assert.Equal(4, types.Count);
        var pair = types[3];
        Assert.Equal((BtfKind.Struct, 16u, 2), (pair.Kind, pair.SizeOrType, pair.Count));
        Assert.Equal("pair", types.NameText(pair.NameOffset));
        Assert.Equal(64u, types.Member(pair, 1).BitOffset);
    }

    [Fact]
    public void Void_is_type_zero() => Assert.Equal(default, BtfReader.Read(Some().ToBytes())[0]);

    [Fact]
    public void A_wrong_magic_is_refused_with_its_place()
    {
        var fault = Refused(Edited(0, 0x7f454c46));
        Assert.Equal((MalformedObjectException.InvalidBtf, ".BTF", 0L), (fault.Code, fault.Section, fault.Offset));
        Assert.Contains("0xeb9f", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 20u)]           // hdr_len below 24
    [InlineData(4, 1u << 30)]      // hdr_len beyond the file
    [InlineData(8, 2u)]            // type_off not aligned
    [InlineData(12, 0xfffffff0u)]  // type_len beyond the file
    [InlineData(16, 4u)]           // strings overlap types
    [InlineData(20, 1u << 31)]     // str_len beyond the file
    public void A_header_that_lies_is_refused(int at, uint value) =>
        Assert.Equal(MalformedObjectException.InvalidBtf, Refused(Edited(at, value)).Code);

    [Fact]
    public void Every_truncation_is_refused()
    {
        var bytes = Some().ToBytes();
        for (var length = 0; length < bytes.Length; length++) Refused(bytes[..length]);
    }

    [Fact]
    public void An_unknown_kind_is_told_with_its_type()
    {
        var b = Some();
        b.Add("x", (BtfKind)24, 0, 0, false);
        Assert.Contains("type 4 has kind 24", Refused(b.ToBytes()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_id_out_of_range_is_refused()
    {
        var b = Some();
        b.Ptr(99);
        Assert.Contains("type 4 refers to type 99", Refused(b.ToBytes()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_out_of_range_is_refused() =>
        Assert.Contains("name at string offset", Refused(Edited(24, 0xffff)).Message, StringComparison.Ordinal);

    [Fact]
    public void Strings_without_an_end_are_refused()
    {
        var bytes = Some().ToBytes();
        bytes[^1] = (byte)'x';
        Assert.Contains("NUL", Refused(bytes).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BtfKind.Const)]
    [InlineData(BtfKind.Typedef)]
    [InlineData(BtfKind.TypeTag)]
    public void A_modifier_that_leads_to_itself_is_refused(BtfKind kind)
    {
        // libbpf's skip_mods_and_typedefs would loop on it for ever.
        var b = new BtfWriter();
        b.Ref(kind, 2, "t");
        b.Ref(BtfKind.Volatile, 1);
        Assert.Contains("is a cycle", Refused(b.ToBytes()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_of_itself_is_refused()
    {
        var b = new BtfWriter();
        b.Array(1, 1, 2);
        Assert.Contains("is a cycle", Refused(b.ToBytes()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_chain_of_modifiers_is_fine_and_an_over_long_one_is_refused()
    {
        static byte[] Chain(int length)
        {
            var b = new BtfWriter();
            var id = b.Int("int", 4);
            for (var i = 0; i < length; i++) id = b.Ref(i % 2 == 0 ? BtfKind.Const : BtfKind.Volatile, id);
            return b.ToBytes();
        }

        var types = BtfReader.Read(Chain(200));
        Assert.Equal(1u, types.SkipModifiers(201).Id);
        Refused(Chain(300));
    }

    [Fact]
    public void A_struct_that_points_to_itself_is_fine()
    {
        var b = new BtfWriter();
        b.Struct("list", 8, new BtfWriter.Member("next", 2, 0));
        b.Ptr(1);
        Assert.Equal(8, BtfReader.Read(b.ToBytes()).SizeOf(1));
    }

    /// <summary>The same BTF under the header of 2026, with a layout table: one entry {info_sz, elem_sz, flags} a kind.</summary>
    private static byte[] WithLayout(byte[] plain, BtfKind kind, byte info, byte element)
    {
        var table = new byte[((int)kind + 1) * 4];
        (table[^4], table[^3]) = (info, element);
        var bytes = new byte[plain.Length + 8 + table.Length];
        plain.AsSpan(0, 24).CopyTo(bytes);
        plain.AsSpan(24).CopyTo(bytes.AsSpan(32));
        table.CopyTo(bytes, plain.Length + 8);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), 32);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), (uint)plain.Length - 24);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(28), (uint)table.Length);
        return bytes;
    }

    [Fact]
    public void A_longer_header_is_honoured_and_its_layout_table_sizes_unknown_kinds()
    {
        var b = Some();
        b.Add("new_kind", (BtfKind)24, 7, 2, false, 1, 2, 3);
        b.Int("after", 4);
        var types = BtfReader.Read(WithLayout(b.ToBytes(), (BtfKind)24, info: 4, element: 4));
        Assert.Equal("after", types.NameText(types[5].NameOffset));
        Refused(b.ToBytes());
    }

    // btf_type_size_unknown of libbpf
    [Fact]
    public void Split_btf_without_a_layout_table_borrows_that_of_its_base_and_of_its_bases_base()
    {
        var withTable = BtfReader.Read(WithLayout(Some().ToBytes(), (BtfKind)24, info: 4, element: 8));
        byte[] Split(BtfTypes on)
        {
            var b = new BtfWriter(splitBase: on);
            b.Add("new_kind", (BtfKind)24, 7, 2, false, 1, 2, 3, 4, 5);
            b.Struct("after", 4);
            return b.ToBytes();
        }

        var module = BtfReader.Read(Split(withTable), withTable);
        Assert.Equal("after", module.NameText(module[5].NameOffset));
        var onModule = BtfReader.Read(Split(module), module);
        Assert.Equal("after", onModule.NameText(onModule[7].NameOffset));

        var without = BtfReader.Read(Some().ToBytes());
        Assert.Contains("has kind 24, known kinds are 1 to 22",
            Assert.Throws<MalformedObjectException>(() => BtfReader.Read(Split(without), without)).Message, StringComparison.Ordinal);
        // Its own table counts, where it has one.
        Assert.Throws<MalformedObjectException>(
            () => BtfReader.Read(WithLayout(Split(withTable), (BtfKind)23, info: 4, element: 8), withTable));
    }

    [Fact]
    public void Split_btf_counts_on_from_its_base()
    {
        var vmlinux = BtfReader.Read(Some().ToBytes());
        // A module: one struct whose member is of type 2 (the base's struct) and whose name is the base's "pair".
        var module = new byte[24 + 24 + 6];
        BinaryPrimitives.WriteUInt16LittleEndian(module, 0xeb9f);
        module[2] = 1;
        uint[] words = [24, 0, 24, 24, 6];
        for (var i = 0; i < words.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(module.AsSpan(4 + (i * 4)), words[i]);
        var strings = (uint)vmlinux.Bytes.Length - 24 - BinaryPrimitives.ReadUInt32LittleEndian(vmlinux.Bytes.Span[12..]);
        uint[] type = [strings, ((uint)BtfKind.Struct << 24) | 1, 16, vmlinux[3].NameOffset, 3, 0];
        for (var i = 0; i < type.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(module.AsSpan(24 + (i * 4)), type[i]);
        "inner\0"u8.CopyTo(module.AsSpan(48));

        var types = BtfReader.Read(module, vmlinux);
        Assert.Equal((4u, 5), (types.FirstId, types.Count));
        Assert.Equal("inner", types.NameText(types[4].NameOffset));
        Assert.Equal("pair", types.NameText(types.Member(types[4], 0).NameOffset));
        Assert.Equal("pair", types.NameText(types[types.Member(types[4], 0).TypeId].NameOffset));
    }
}
