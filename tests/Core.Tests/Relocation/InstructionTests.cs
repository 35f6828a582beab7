using Relo.Core.Bpf;
using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Objects;
using Relo.Core.Relocation;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Relocation;

/// <summary>libbpf bpf_core_patch_insn.</summary>
public class InstructionTests
{
    private static Ask Field(Func<BtfWriter, uint> local, Func<BtfWriter, uint> target, uint targetByte = 8) => new(
        b => b.Struct("s", 8, new BtfWriter.Member("x", local(b), 0)),
        b => { var t = target(b); b.Struct("s", targetByte + 8, new BtfWriter.Member("x", t, targetByte * 8)); });

    private static Ask U64(uint targetByte = 8) => Field(b => b.Int("u64", 8), b => b.Int("u64", 8), targetByte);

    private static Ask Gone() =>
        new(b => b.Struct("s", 8, new BtfWriter.Member("x", b.Int("u64", 8), 0)),
            b => b.Struct("s", 8, new BtfWriter.Member("y", b.Int("u64", 8), 0)));

    [Theory]
    [InlineData(0x07)] // r1 += imm
    [InlineData(0xb7)] // r1 = imm
    [InlineData(0x04)] // w1 += imm
    [InlineData(0x17)] // r1 -= imm: the operation is not looked at
    public void Arithmetic_takes_the_value_as_immediate(byte code) =>
        Assert.Equal(new Instruction(code, 3, 0, 0, 8), U64().Insn(new(code, 3, 0, 0, 0), "0:0", CoreReloKind.FieldByteOffset).Run().At(0));

    [Fact]
    public void Arithmetic_with_a_register_is_a_hard_error()
    {
        var answer = U64().Insn(new(0x0f, 1, 2, 0, 0), "0:0", CoreReloKind.FieldByteOffset).Run();
        Assert.EndsWith("failed to patch insn #0: -22", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Arithmetic_keeps_the_lower_32_bits_only() =>
        Assert.Equal(2,
            new Ask(b => b.Enum64("e", false, ("A", 1)), b => b.Enum64("e", false, ("A", 0x5_0000_0002)))
                .Move(CoreReloKind.EnumValue, "0", 1).Run().Immediate());

    [Theory]
    [InlineData(0x79)] // load
    [InlineData(0x7b)] // store of a register
    [InlineData(0x7a)] // store of an immediate
    [InlineData(0xdb)] // atomic
    public void Loads_and_stores_take_the_value_as_offset(byte code) =>
        Assert.Equal(new Instruction(code, 1, 2, 8, 5), U64().Insn(new(code, 1, 2, 0, 5), "0:0", CoreReloKind.FieldByteOffset).Run().At(0));

    [Fact]
    public void An_offset_that_is_not_the_compiled_one_is_a_hard_error()
    {
        var answer = U64().Load("0:0", 4).Run();
        Assert.Contains(
            "prog 'raw_tp_x': relo #0: unexpected insn #0 (LDX/ST/STX) value: got 4, exp 0 -> 8", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_offset_beyond_16_bits_is_a_hard_error()
    {
        Assert.Equal(32767, U64(32767).Load("0:0", 0).Run().Offset());
        var answer = U64(32768).Load("0:0", 0).Run();
        Assert.Contains("insn #0 (LDX/ST/STX) value too big: 32768", answer.Error, StringComparison.Ordinal);
        Assert.EndsWith("-34", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4u, 0x61)]
    [InlineData(2u, 0x69)]
    [InlineData(1u, 0x71)]
    public void A_load_of_an_unsigned_integer_follows_its_width(uint size, byte code) =>
        Assert.Equal(code, Field(b => b.Int("u64", 8), b => b.Int("u", size)).Load("0:0", 0).Run().At(0).Code);

    [Fact]
    public void A_load_of_a_pointer_follows_a_32_bit_kernel() =>
        Assert.Equal(0x61, Field(b => b.Ptr(0), b => { b.Int("long", 4, 1); return b.Ptr(0); }).Load("0:0", 0).Run().At(0).Code);

    [Fact]
    public void The_mode_of_a_load_is_kept_when_its_width_changes() =>
        Assert.Equal(0x81,
            Field(b => b.Int("u16", 2), b => b.Int("u32", 4)).Insn(new(0x89, 1, 2, 0, 0), "0:0", CoreReloKind.FieldByteOffset).Run()
                .At(0).Code);

    [Theory]
    [InlineData(1u, 0u)]
    [InlineData(0u, 1u)]
    public void A_load_of_a_signed_integer_that_changed_its_width_is_poisoned(uint local, uint target)
    {
        var answer = Field(b => b.Int("t", 8, local), b => b.Int("t", 4, target)).Load("0:0", 0).Run();
        Assert.True(answer.IsPoisoned());
        Assert.Equal(Miss.SizeChange, answer.Relocated.Fixups[0].Change.Poisoned);
    }

    [Fact]
    public void Char_and_bool_count_as_unsigned() =>
        Assert.Equal(0x71, Field(b => b.Int("t", 8, 3), b => b.Int("bool", 1, 4)).Load("0:0", 0).Run().At(0).Code);

    [Fact]
    public void An_enum_that_changed_its_width_is_poisoned() =>
        Assert.True(
            Field(b => b.Enum("e", 4, false, ("A", 0)), b => b.Enum("e", 1, false, ("A", 0))).Load("0:0", 0, bytes: 4).Run().IsPoisoned());

    [Fact]
    public void Arithmetic_does_not_mind_a_changed_width() =>
        Assert.Equal(8, Field(b => b.Int("t", 8, 1), b => b.Int("t", 4, 1)).Move(CoreReloKind.FieldByteOffset, "0:0", 0).Run().Immediate());

    [Fact]
    public void A_load_narrower_than_the_compiled_field_cannot_be_widened()
    {
        var answer = Field(b => b.Int("u64", 8), b => b.Int("u32", 4)).Load("0:0", 0, bytes: 4).Run();
        Assert.Contains("unexpected mem size: got 4, exp 8", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_width_that_no_load_has_is_a_hard_error()
    {
        var answer = Field(b => b.Int("u64", 8), b => b.Int("u128", 16)).Load("0:0", 0).Run();
        Assert.Contains("invalid new mem size: 16", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_load_of_an_array_element_follows_the_element_not_the_array()
    {
        // libbpf d7a4ab15 (2025): the size of one element counts, so an array may change its length.
        var answer = Field(b => b.Array(b.Int("u64", 8), 1, 4), b => b.Array(b.Int("u64", 8), 1, 6)).Load("0:0", 0).Run();
        Assert.Equal((0x79, 8), (answer.At(0).Code, answer.Offset()));
    }

    [Fact]
    public void A_64_bit_load_takes_both_halves()
    {
        var answer = new Ask(b => b.Enum64("e", false, ("A", 0x1_0000_0001)), b => b.Enum64("e", false, ("A", 0x7_0000_0003)))
            .Wide(CoreReloKind.EnumValue, "0", 0x1_0000_0001).Run();
        Assert.Equal(new Instruction(0x18, 1, 0, 0, 3), answer.At(0));
        Assert.Equal(new Instruction(0, 0, 0, 0, 7), answer.At(0, slot: 1));
    }

    [Fact]
    public void A_64_bit_load_of_a_map_is_a_hard_error()
    {
        var answer = U64().Insn(new(0x18, 1, 1, 0, 0), "0:0", CoreReloKind.FieldByteOffset).Run();
        Assert.Contains("(LDIMM64) has unexpected form", answer.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x85)]
    [InlineData(0x05)]
    [InlineData(0x56)]
    public void Jumps_are_a_hard_error(byte code) =>
        Assert.Contains("trying to relocate unrecognized insn #0",
            U64().Insn(new(code, 0, 0, 0, 0), "0:0", CoreReloKind.FieldByteOffset).Run().Error, StringComparison.Ordinal);

    // libbpf 394ae398337c: only an instruction that could hold a value is poisoned.
    [Theory]
    [InlineData(0x07)] // r1 += imm
    [InlineData(0xb4)] // w1 = imm
    [InlineData(0x79)] // load
    [InlineData(0x7a)] // store of an immediate
    [InlineData(0x7b)] // store of a register
    [InlineData(0xdb)] // atomic
    public void A_missing_field_poisons_what_could_hold_its_value(byte code) =>
        Assert.Equal(
            new Instruction(0x85, 0, 0, 0, 195896080), Gone().Insn(new(code, 3, 2, 0, 0), "0:0", CoreReloKind.FieldByteOffset).Run().At(0));

    [Theory]
    [InlineData(0x0f, "failed to patch insn #0: -22")]                    // r1 += r2
    [InlineData(0xbc, "failed to patch insn #0: -22")]                    // w1 = w2
    [InlineData(0x20, "insn #0 (LDIMM64) has unexpected form")]           // r0 = *(u32 *)skb[0]
    [InlineData(0x40, "insn #0 (LDIMM64) has unexpected form")]           // r0 = *(u32 *)skb[r2]
    [InlineData(0x85, "trying to relocate unrecognized insn #0, code:0x85")] // call
    [InlineData(0x05, "trying to relocate unrecognized insn #0, code:0x5")]  // goto
    [InlineData(0x0d, "trying to relocate unrecognized insn #0, code:0xd")]  // gotox
    [InlineData(0x56, "trying to relocate unrecognized insn #0, code:0x56")] // if w1 != 0
    public void A_missing_field_of_what_could_not_is_a_hard_error(byte code, string message)
    {
        var answer = Gone().Insn(new(code, 3, 2, 0, 0), "0:0", CoreReloKind.FieldByteOffset).Run();
        Assert.Contains(message, answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_field_poisons_a_64_bit_load_of_any_form()
    {
        // of a map: its form is looked at for values only
        var answer = Gone().Insn(new(0x18, 1, 1, 0, 0), "0:0", CoreReloKind.FieldByteOffset).Run();
        Assert.Equal(new Instruction(0x85, 0, 0, 0, 195896080), answer.At(0));
    }

    [Fact]
    public void A_missing_field_poisons_the_instruction()
    {
        var answer = Gone().Load("0:0", 0).Run();
        Assert.Equal(new Instruction(0x85, 0, 0, 0, 195896080), answer.At(0));
        Assert.Equal(Miss.NoField, answer.Relocated.Fixups[0].Change.Poisoned);
    }

    [Fact]
    public void Poison_takes_both_slots_of_a_64_bit_load()
    {
        var answer = Gone().Wide(CoreReloKind.FieldByteOffset, "0:0", 0).Run();
        Assert.True(answer.IsPoisoned());
        Assert.Equal(answer.At(0), answer.At(0, slot: 1));
    }

    [Fact]
    public void A_record_between_instructions_is_a_hard_error()
    {
        var o = new ObjectWriter { EditBtfExt = ext => ext[^16] = 4 };
        var s = o.Btf.Struct("s", 8, new BtfWriter.Member("x", o.Btf.Int("u64", 8), 0));
        var section = o.Section("raw_tp/x");
        section.Add(new Instruction(0x79, 1, 2, 0, 0));
        o.Relo(section, 0, s, "0:0", CoreReloKind.FieldByteOffset);
        var kernel = new BtfWriter();
        kernel.Int("int", 4);
        Assert.IsType<RelocationFailed>(Relocator.Relocate(
            BpfObject.Read(o.ToBytes()), BtfReader.Read(kernel.ToBytes()), cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Big_endian_instructions_have_their_registers_the_other_way_round()
    {
        var answer = new Ask(b => b.Struct("s", 8, new BtfWriter.Member("x", b.Int("u64", 8), 0)),
            b => { var t = b.Int("u64", 8); b.Struct("s", 16, new BtfWriter.Member("x", t, 64)); }, bigEndian: true)
            .Insn(new(0x79, 1, 7, 0, 0), "0:0", CoreReloKind.FieldByteOffset).Run();
        Assert.Equal(new Instruction(0x79, 1, 7, 8, 0), answer.At(0));
        var raw = answer.Relocated.PatchedBytes.Span[(int)answer.Object.Programs[0].Section.Offset..];
        Assert.Equal([0x79, 0x17, 0x00, 0x08], raw[..4].ToArray());
    }
}
