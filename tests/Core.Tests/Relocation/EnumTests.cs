using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Relocation;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Relocation;

/// <summary>libbpf bpf_core_calc_enumval_relo and the enum part of bpf_core_spec_match.</summary>
public class EnumTests
{
    private static Ask E(Action<BtfWriter> target) => new(b => b.Enum("e", 4, false, ("A", 1), ("B", 2)), target);

    [Fact]
    public void Value_is_that_of_the_enumerator_of_the_name() =>
        Assert.Equal(7, E(b => b.Enum("e", 4, false, ("X", 1), ("B", 7))).Move(CoreReloKind.EnumValue, "1", 2).Run().Immediate());

    [Fact]
    public void Enumerators_are_compared_without_their_flavour() =>
        Assert.Equal(7, E(b => b.Enum("e", 4, false, ("B___new", 7))).Move(CoreReloKind.EnumValue, "1", 2).Run().Immediate());

    [Fact]
    public void The_first_of_the_name_counts() =>
        Assert.Equal(5, E(b => b.Enum("e", 4, false, ("B___x", 5), ("B", 7))).Move(CoreReloKind.EnumValue, "1", 2).Run().Immediate());

    [Fact]
    public void A_missing_enumerator_is_poison_for_the_value_and_zero_for_existence()
    {
        var answer = E(b => b.Enum("e", 4, false, ("A", 1))).Move(CoreReloKind.EnumValue, "1", 2).Move(CoreReloKind.EnumValueExists, "1", 1)
            .Run();
        Assert.True(answer.IsPoisoned(0));
        Assert.Equal(Miss.NoEnumerator, answer.Relocated.Fixups[0].Change.Poisoned);
        Assert.Equal(0, answer.Immediate(1));
    }

    [Fact]
    public void A_32_bit_value_is_sign_extended_whatever_the_kind_flag()
    {
        var answer = E(b => b.Enum("e", 4, false, ("B", -2))).Wide(CoreReloKind.EnumValue, "1", 2).Run();
        Assert.Equal((-2, -1), (answer.At(0).Imm, answer.At(0, slot: 1).Imm));
    }

    [Theory]
    [InlineData("2")]   // no such enumerator
    [InlineData("1:0")] // more than one step
    public void Another_access_than_an_index_is_a_hard_error(string access) =>
        Assert.Contains("parsing [1] enum e", E(b => b.Enum("e", 4, false, ("A", 1))).Move(CoreReloKind.EnumValue, access, 2).Run().Error,
            StringComparison.Ordinal);

    [Fact]
    public void The_root_must_be_an_enum() =>
        Assert.Contains("failed: -22", new Ask(b => b.Int("e", 4), b => b.Int("e", 4)).Move(CoreReloKind.EnumValue, "0", 2).Run().Error,
            StringComparison.Ordinal);
}
