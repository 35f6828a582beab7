using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Relocation;

/// <summary>libbpf __bpf_core_types_are_compat, bpf_core_calc_type_relo.</summary>
public class TypeKindTests
{
    private static Answer Ask(CoreReloKind kind, int compiled, Func<BtfWriter, uint> local, Action<BtfWriter> target) =>
        new Ask(local, target).Move(kind, "0", compiled).Run();

    private static uint S(BtfWriter b, string name, uint size) => b.Struct(name, size, new BtfWriter.Member("x", b.Int("int", 4), 0));

    [Fact]
    public void Exists_is_one_or_zero()
    {
        Assert.Equal(1, Ask(CoreReloKind.TypeExists, 1, b => S(b, "s", 4), b => S(b, "s", 8)).Immediate());
        Assert.Equal(0, Ask(CoreReloKind.TypeExists, 1, b => S(b, "s", 4), b => S(b, "t", 8)).Immediate());
    }

    [Fact]
    public void Size_is_that_of_the_target_and_zero_without_one()
    {
        Assert.Equal(24, Ask(CoreReloKind.TypeSize, 4, b => S(b, "s", 4), b => S(b, "s", 24)).Immediate());
        var missing = Ask(CoreReloKind.TypeSize, 4, b => S(b, "s", 4), b => S(b, "t", 24));
        Assert.Equal(0, missing.Immediate());
        Assert.False(missing.Relocated.Fixups[0].IsPoisoned);
    }

    [Fact]
    public void Size_is_checked_against_the_instruction() =>
        Assert.Contains("unexpected insn #0 (ALU/ALU64) value: got 5, exp 4 -> 24",
            Ask(CoreReloKind.TypeSize, 5, b => S(b, "s", 4), b => S(b, "s", 24)).Error, StringComparison.Ordinal);

    [Fact]
    public void Target_id_is_that_of_the_kernel_is_not_checked_and_is_zero_without_one()
    {
        Assert.Equal(3, Ask(CoreReloKind.TypeIdTarget, 99, b => S(b, "s", 4), b => { b.Ptr(0); S(b, "s", 4); }).Immediate());
        Assert.Equal(0, Ask(CoreReloKind.TypeIdTarget, 99, b => S(b, "s", 4), b => S(b, "t", 4)).Immediate());
    }

    [Fact]
    public void Local_id_is_that_of_the_object_whatever_the_kernel_has() =>
        Assert.Equal(2, Ask(CoreReloKind.TypeIdLocal, 77, b => S(b, "s", 4), b => b.Int("int", 4)).Immediate());

    [Fact]
    public void Local_id_may_be_of_an_anonymous_type() =>
        Assert.Equal(2, Ask(CoreReloKind.TypeIdLocal, 0, b => S(b, "", 4), b => b.Int("int", 4)).Immediate());

    [Fact]
    public void Another_access_than_0_is_a_hard_error()
    {
        var answer = new Ask(b => S(b, "s", 4), b => S(b, "s", 4)).Move(CoreReloKind.TypeExists, "0:0", 1).Run();
        Assert.Contains("parsing [2] struct s + 0:0 failed: -22", answer.Error, StringComparison.Ordinal);
    }

    // Kinds 20 to 22 say where functions were inlined. They share names with nothing that a program reads, and are no candidates even of
    // their own kind.
    [Fact]
    public void What_says_where_functions_were_inlined_is_never_a_candidate()
    {
        static uint Sites(BtfWriter b)
        {
            var place = b.Add("s", BtfKind.LocParam, 4, 1, false, 8, 5);
            return b.Add("s", BtfKind.LocSec, 0, 1, false, 0, b.Add("s", BtfKind.LocProto, 0, 1, false, place), 0x80);
        }

        var sites = Ask(CoreReloKind.TypeExists, 1, Sites, b => Sites(b));
        Assert.Equal(0, sites.Immediate());
        Assert.Empty(sites.Relocated.Fixups[0].Resolution.Considered);
        Assert.Equal(0, Ask(CoreReloKind.TypeExists, 1, b => S(b, "s", 4), b => Sites(b)).Immediate());
        // after three of another kind, and an int
        Assert.Equal(5, Ask(CoreReloKind.TypeIdTarget, 0, b => S(b, "s", 4), b => { Sites(b); S(b, "s", 4); }).Immediate());
    }

    [Fact]
    public void A_typedef_needs_a_typedef()
    {
        static uint T(BtfWriter b) => b.Ref(BtfKind.Typedef, b.Int("int", 4), "t");
        Assert.Equal(1, Ask(CoreReloKind.TypeExists, 1, T, b => T(b)).Immediate());
        Assert.Equal(0, Ask(CoreReloKind.TypeExists, 1, T, b => b.Int("t", 4)).Immediate());
    }

    [Fact]
    public void Typedefs_are_followed_through_pointers_and_arrays()
    {
        static uint T(BtfWriter b, uint to) => b.Ref(BtfKind.Typedef, b.Ptr(b.Array(to, 1, 4)), "t");
        static Answer Of(Func<BtfWriter, uint> local, Func<BtfWriter, uint> target) =>
            Ask(CoreReloKind.TypeExists, 1, b => T(b, local(b)), b => T(b, target(b)));
        Assert.Equal(1, Of(b => S(b, "a", 4), b => S(b, "other", 4)).Immediate()); // names below the root do not matter
        Assert.Equal(0, Of(b => S(b, "a", 4), b => b.Int("int", 4)).Immediate());
        Assert.Equal(0, Of(b => b.Float("f", 4), b => b.Float("f", 4)).Immediate()); // floats are not listed
        Assert.Equal(1, Of(_ => 0, _ => 0).Immediate());
    }

    [Fact]
    public void Functions_compare_parameters_and_result()
    {
        static uint T(BtfWriter b, params uint[] parameters) =>
            b.Ref(BtfKind.Typedef, b.Ptr(b.FuncProto(0, [.. parameters.Select(p => ("p", p))])), "t");
        static Answer Of(Func<BtfWriter, uint> local, Action<BtfWriter> target) => Ask(CoreReloKind.TypeExists, 1, local, target);
        Assert.Equal(1, Of(b => T(b, b.Int("int", 4)), b => T(b, b.Int("long", 8))).Immediate());
        Assert.Equal(0, Of(b => T(b, b.Int("int", 4)), b => T(b, b.Ptr(0))).Immediate());
        Assert.Equal(0, Of(b => T(b, b.Int("int", 4)), b => T(b)).Immediate());
    }

    [Fact]
    public void More_than_32_levels_are_a_hard_error()
    {
        static uint T(BtfWriter b)
        {
            var id = b.Int("int", 4);
            for (var i = 0; i < 40; i++) id = b.Ptr(id);
            return b.Ref(BtfKind.Typedef, id, "t");
        }
        Assert.Contains("error matching candidate #0 <type_exists> [42] typedef t: -22",
            Ask(CoreReloKind.TypeExists, 1, T, b => T(b)).Error, StringComparison.Ordinal);
    }
}
