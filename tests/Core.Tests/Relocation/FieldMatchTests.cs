using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Relocation;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Relocation;

/// <summary>libbpf bpf_core_spec_match, bpf_core_match_member, bpf_core_fields_are_compat.</summary>
public class FieldMatchTests
{
    private static BtfWriter.Member M(string name, uint type, uint bit) => new(name, type, bit);

    /// <summary>struct s { T x; } on both sides, x at 0 here and at 8 there.</summary>
    private static Answer OneField(Func<BtfWriter, uint> local, Func<BtfWriter, uint> target) => new Ask(
        b => b.Struct("s", 64, M("x", local(b), 0)),
        b => { var t = target(b); b.Struct("s", 64, M("x", t, 64)); }).Move(CoreReloKind.FieldByteOffset, "0:0", 0).Run();

    [Fact]
    public void A_field_may_move_into_anonymous_structs_and_unions()
    {
        var answer = new Ask(
            b => b.Struct("s", 8, M("x", b.Int("int", 4), 32)),
            b =>
            {
                var i = b.Int("int", 4);
                var inner = b.Union("", 8, M("y", i, 0), M("x", i, 32));
                b.Struct("s", 24, M("a", i, 0), M("", b.Struct("", 16, M("z", i, 0), M("", inner, 64)), 64));
            }).Load("0:0", 4, bytes: 4).Run();
        Assert.Equal(8 + 8 + 4, answer.Offset());
        Assert.Equal("struct s.x (0:1:1:1 @ offset 20)", answer.Relocated.Fixups[0].Resolution.Target!.Text);
    }

    /// <summary>Names of one and two letters, one that begins another, one that ends another.</summary>
    [Theory]
    [InlineData("s", 4)]
    [InlineData("st", 8)]
    [InlineData("sta", 12)]
    [InlineData("state", 16)]
    [InlineData("ate", 20)]
    [InlineData("_s", 24)]
    public void A_field_is_not_taken_for_another_that_begins_or_ends_alike(string name, int offset)
    {
        var answer = new Ask(
            b => b.Struct("s", 4, M(name, b.Int("int", 4), 0)),
            b =>
            {
                var i = b.Int("int", 4);
                string[] names = ["stat", "s", "st", "sta", "state", "ate", "_s", "_"];
                b.Struct("s", 32, [.. names.Select((n, at) => M(n, i, (uint)at * 32))]);
            }).Load("0:0", 0, bytes: 4).Run();
        Assert.Equal(offset, answer.Offset());
    }

    [Fact]
    public void Anonymous_steps_of_the_object_are_skipped()
    {
        var answer = new Ask(
            b => { var i = b.Int("int", 4); return b.Struct("s", 8, M("a", i, 0), M("", b.Struct("", 4, M("x", i, 0)), 32)); },
            b => b.Struct("s", 8, M("x", b.Int("int", 4), 0))).Load("0:1:0", 4, bytes: 4).Run();
        Assert.Equal(0, answer.Offset());
    }

    [Fact]
    public void Struct_and_union_may_stand_for_each_other_below_the_root()
    {
        var answer = new Ask(
            b => b.Struct("s", 8, M("in", b.Struct("t", 4, M("x", b.Int("int", 4), 0)), 0)),
            b => { var i = b.Int("int", 4); b.Struct("s", 8, M("in", b.Union("u", 4, M("x", i, 0)), 32)); }).Load("0:0:0", 0, bytes: 4)
                .Run();
        Assert.Equal(4, answer.Offset());
    }

    [Fact]
    public void Field_names_are_compared_with_their_flavour() =>
        Assert.True(new Ask(b => b.Struct("s", 8, M("x___v1", b.Int("int", 4), 0)), b => b.Struct("s", 8, M("x", b.Int("int", 4), 0)))
            .Load("0:0", 0, bytes: 4).Run().IsPoisoned());

    [Fact]
    public void Integers_of_any_size_and_sign_are_compatible() =>
        Assert.Equal(8, OneField(b => b.Int("int", 4, 1), b => b.Int("u8", 1)).Immediate());

    [Fact]
    public void Bitfield_integers_of_old_are_not() =>
        Assert.True(OneField(b => b.Int("int", 4), b => b.Int("int", 4, bitOffset: 3)).IsPoisoned());

    [Fact]
    public void Pointers_are_compatible_whatever_they_point_to() =>
        Assert.Equal(8, OneField(b => b.Ptr(b.Int("int", 4)), b => b.Ptr(0)).Immediate());

    [Fact]
    public void Floats_are_compatible() => Assert.Equal(8, OneField(b => b.Float("float", 4), b => b.Float("double", 8)).Immediate());

    [Fact]
    public void A_pointer_does_not_become_an_integer()
    {
        var answer = OneField(b => b.Ptr(0), b => b.Int("u64", 8));
        Assert.True(answer.IsPoisoned());
        Assert.Equal(Miss.IncompatibleField, answer.Relocated.Fixups[0].Change.Poisoned);
    }

    [Theory]
    [InlineData("e", "e", true)]
    [InlineData("e___v1", "e___v2", true)]
    [InlineData("e", "", true)]
    [InlineData("", "e", true)]
    [InlineData("e", "f", false)]
    public void Enums_need_one_name_unless_anonymous(string local, string target, bool compatible) =>
        Assert.Equal(!compatible, OneField(b => b.Enum(local, 4, false, ("A", 0)), b => b.Enum(target, 4, false, ("B", 0))).IsPoisoned());

    [Fact]
    public void Arrays_compare_elements_and_ignore_lengths()
    {
        Assert.Equal(8, OneField(b => b.Array(b.Int("int", 4), 1, 4), b => b.Array(b.Int("int", 4), 1, 9)).Immediate());
        Assert.True(OneField(b => b.Array(b.Int("int", 4), 1, 4), b => b.Array(b.Ptr(0), 1, 4)).IsPoisoned());
    }

    [Fact]
    public void Modifiers_and_typedefs_do_not_matter() =>
        Assert.Equal(8,
            OneField(b => b.Ref(BtfKind.Typedef, b.Ref(BtfKind.Const, b.Int("int", 4)), "t"),
                b => b.Ref(BtfKind.Volatile, b.Ref(BtfKind.TypeTag, b.Int("int", 4), "rcu"))).Immediate());

    [Fact]
    public void The_first_member_of_the_name_decides_even_if_a_later_one_fits() =>
        Assert.True(new Ask(
            b => b.Struct("s", 8, M("x", b.Int("int", 4), 0)),
            b => { var p = b.Ptr(0); var i = b.Int("int", 4); b.Struct("s", 16, M("x", p, 0), M("x", i, 64)); }).Load("0:0", 0, bytes: 4)
                .Run().IsPoisoned());

    [Fact]
    public void An_incompatible_member_inside_an_anonymous_one_leaves_its_offset_counted()
    {
        // C cannot express this; libbpf continues its search without undoing the inner step (bpf_core_match_member).
        var answer = new Ask(
            b => b.Struct("s", 8, M("x", b.Int("int", 4), 0)),
            b =>
            {
                var i = b.Int("int", 4);
                var inner = b.Struct("", 16, M("pad", b.Ptr(0), 0), M("x", b.Ptr(0), 64));
                b.Struct("s", 32, M("", inner, 0), M("x", i, 128));
            }).Load("0:0", 0, bytes: 4).Run();
        Assert.Equal(8 + 16, answer.Offset());
    }

    [Fact]
    public void Array_elements_are_scaled_by_the_target_and_bound_by_its_length()
    {
        static uint Local(BtfWriter b) => b.Struct("s", 32, M("a", b.Array(b.Struct("e", 4, M("v", b.Int("int", 4), 0)), 1, 8), 0));
        static void Target(BtfWriter b, uint length)
        {
            var e = b.Struct("e", 12, M("w", b.Int("int", 4), 0), M("v", 1, 64));
            b.Struct("s", 12 * length, M("a", b.Array(e, 1, length), 0));
        }

        Assert.Equal((3 * 12) + 8, new Ask(Local, b => Target(b, 4)).Load("0:0:3:0", 12, bytes: 4).Run().Offset());
        Assert.True(new Ask(Local, b => Target(b, 3)).Load("0:0:3:0", 12, bytes: 4).Run().IsPoisoned());
    }

    [Fact]
    public void A_flexible_array_at_the_end_has_every_element()
    {
        static uint Local(BtfWriter b) => b.Struct("s", 64, M("a", b.Array(b.Int("int", 4), 1, 16), 0));
        static void Target(BtfWriter b, bool atEnd)
        {
            var i = b.Int("int", 4);
            var flexible = b.Array(i, 1, 0);
            if (atEnd) b.Struct("s", 8, M("n", i, 0), M("a", flexible, 32));
            else b.Struct("s", 8, M("a", flexible, 32), M("n", i, 32));
        }

        Assert.Equal(4 + (9 * 4), new Ask(Local, b => Target(b, true)).Load("0:0:9", 36, bytes: 4).Run().Offset());
        Assert.True(new Ask(Local, b => Target(b, false)).Load("0:0:9", 36, bytes: 4).Run().IsPoisoned());
    }

    [Fact]
    public void The_first_index_steps_over_whole_structs() =>
        Assert.Equal((2 * 16) + 8, new Ask(
            b => b.Struct("s", 8, M("x", b.Int("int", 4), 32)),
            b => { var i = b.Int("int", 4); b.Struct("s", 16, M("x", i, 64)); }).Load("2:0", 20, bytes: 4).Run().Offset());

    [Fact]
    public void Nesting_of_more_than_64_steps_in_the_target_is_a_hard_error()
    {
        var answer = new Ask(
            b => b.Struct("s", 8, M("x", b.Int("int", 4), 0)),
            b =>
            {
                var id = b.Struct("", 4, M("x", b.Int("int", 4), 0));
                for (var i = 0; i < 70; i++) id = b.Struct(i == 69 ? "s" : "", 4, M("", id, 0));
            }).Load("0:0", 0, bytes: 4).Run();
        Assert.Contains("error matching candidate #0", answer.Error, StringComparison.Ordinal);
        Assert.EndsWith("-7", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_on_which_libbpf_would_never_end_has_an_answer()
    {
        // 2^62 paths through anonymous members that never reach the 64th step; libbpf would never end.
        var answer = new Ask(
            b => b.Struct("s", 8, M("x", b.Int("int", 4), 0)),
            b =>
            {
                var id = b.Struct("", 4, M("y", b.Int("int", 4), 0));
                for (var i = 0; i < 62; i++) id = b.Struct(i == 61 ? "s" : "", 4, M("", id, 0), M("", id, 0));
            });
        answer.Load("0:0", 0, bytes: 4);
        Assert.True(answer.Run(budget: 100_000).IsPoisoned(0));
    }
}
