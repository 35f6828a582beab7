using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Relocation;

/// <summary>libbpf bpf_core_calc_field_relo, the bit-field part.</summary>
public class BitfieldTests
{
    private static Ask Bits(uint bitOffset, uint bits, bool bigEndian = false, uint size = 4, uint encoding = 0) => new(
        b => b.Struct("s", 16, new BtfWriter.Member("f", b.Int("t", size, encoding), 0, 3)),
        b => { var t = b.Int("t", size, encoding); b.Struct("s", 16, new BtfWriter.Member("f", t, bitOffset, bits)); },
        bigEndian);

    private static (int Offset, int Size, int Left, int Right) All(Ask ask)
    {
        var answer = ask
            .Move(CoreReloKind.FieldByteOffset, "0:0", 0).Move(CoreReloKind.FieldByteSize, "0:0", 4)
            .Move(CoreReloKind.FieldLshiftU64, "0:0", 61).Move(CoreReloKind.FieldRshiftU64, "0:0", 61).Run();
        return (answer.Immediate(0), answer.Immediate(1), answer.Immediate(2), answer.Immediate(3));
    }

    [Theory]
    [InlineData(5u, 3u, 0, 4, 64 - 8, 61)]
    [InlineData(37u, 4u, 4, 4, 64 - 9, 60)]
    [InlineData(30u, 4u, 0, 8, 64 - 34, 60)]  // straddles two u32: the load grows to 8 bytes
    [InlineData(62u, 2u, 4, 4, 64 - 32, 62)]
    public void Shifts_bring_the_field_to_the_top_and_down_again(uint bitOffset, uint bits, int offset, int size, int left, int right) =>
        Assert.Equal((offset, size, left, right), All(Bits(bitOffset, bits)));

    [Theory]
    [InlineData(5u, 3u, 0, 4, 32 + 5, 61)]
    [InlineData(37u, 4u, 4, 4, 32 + 5, 60)]
    [InlineData(30u, 4u, 0, 8, 30, 60)]
    public void Big_endian_objects_shift_from_the_other_end(uint bitOffset, uint bits, int offset, int size, int left, int right) =>
        Assert.Equal((offset, size, left, right), All(Bits(bitOffset, bits, bigEndian: true)));

    [Fact]
    public void A_small_declared_type_grows_step_by_step() => Assert.Equal((0, 4, 64 - 18, 60), All(Bits(14, 4, size: 1)));

    [Fact]
    public void A_field_that_no_load_holds_is_a_hard_error()
    {
        var answer = Bits(62, 4, size: 8).Move(CoreReloKind.FieldByteOffset, "0:0", 0).Run();
        Assert.Contains("can't be satisfied for bitfield", answer.Error, StringComparison.Ordinal);
        Assert.EndsWith("-7", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_compiled_value_of_a_bitfield_is_not_checked() =>
        Assert.Equal(4, Bits(37, 4).Move(CoreReloKind.FieldByteOffset, "0:0", 77).Run().Immediate());

    [Fact]
    public void The_right_shift_is_checked() =>
        Assert.Contains("unexpected insn #0 (ALU/ALU64) value: got 7, exp 61 -> 60",
            Bits(37, 4).Move(CoreReloKind.FieldRshiftU64, "0:0", 7).Run().Error, StringComparison.Ordinal);

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(1u, 1)]
    [InlineData(3u, 1)] // signed char: the signed bit counts here
    public void Signedness_is_that_of_the_target_integer(uint encoding, int expected)
    {
        var answer = new Ask(b => b.Struct("s", 4, new BtfWriter.Member("f", b.Int("t", 4), 0)),
            b => { var t = b.Int("t", 4, encoding); b.Struct("s", 4, new BtfWriter.Member("f", t, 0)); })
            .Move(CoreReloKind.FieldSigned, "0:0", 0).Run();
        Assert.Equal(expected, answer.Immediate());
    }

    [Fact]
    public void Enums_are_signed_by_their_kind_flag_and_others_never()
    {
        static Answer Of(Func<BtfWriter, bool, uint> type) => new Ask(
            b => b.Struct("s", 8, new BtfWriter.Member("f", type(b, false), 0)),
            b => { var t = type(b, true); b.Struct("s", 8, new BtfWriter.Member("f", t, 0)); }).Move(CoreReloKind.FieldSigned, "0:0", 0)
                .Run();
        Assert.Equal(1, Of((b, signed) => b.Enum("e", 4, signed, ("A", 0))).Immediate());
        Assert.Equal(0, Of((b, _) => b.Ptr(0)).Immediate());
    }

    [Theory]
    [InlineData(CoreReloKind.FieldSigned)]
    [InlineData(CoreReloKind.FieldLshiftU64)]
    [InlineData(CoreReloKind.FieldRshiftU64)]
    public void Array_elements_have_no_signedness_or_shifts(CoreReloKind kind)
    {
        static uint S(BtfWriter b) => b.Struct("s", 16, new BtfWriter.Member("a", b.Array(b.Int("int", 4), 1, 4), 0));
        Assert.Contains(
            "can't be applied to array access", new Ask(S, b => S(b)).Move(kind, "0:0:1", 0).Run().Error, StringComparison.Ordinal);
    }
}
