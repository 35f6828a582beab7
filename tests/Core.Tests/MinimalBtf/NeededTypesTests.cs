using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.MinimalBtf;

/// <summary>bpftool gen.c: btfgen_mark_type, btfgen_mark_type_match, btfgen_record_field_relo, btfgen_get_btf.</summary>
public class NeededTypesTests
{
    private static BtfWriter.Member M(string name, uint type, uint bit = 0, uint bits = 0) => new(name, type, bit, bits);

    // A kernel with more of everything than the object asks for; all ids move.
    private static Ask Of(Func<BtfWriter, uint> local, Action<BtfWriter> kernel) =>
        new(local, b => { b.Int("unused", 2); kernel(b); b.Struct("other", 8, M("x", 1)); });

    private static uint Field(BtfWriter b, string kind = "int") => b.Struct("s", 8, M("x", b.Int(kind, 4)));

    [Fact]
    public void A_field_needs_its_struct_with_that_one_member_and_its_type() => Assert.Equal(
        ["int int 4", "struct s 64 {x:1@96}"],
        Minimal.Types(Of(b => Field(b), b => { var i = b.Int("int", 4); b.Struct("s", 64, M("a", i), M("x", i, 96), M("z", 1, 128)); })
            .Load("0:0", 0, 4)));

    [Fact]
    public void Every_composite_on_the_way_keeps_the_member_that_is_taken_unnamed_ones_too() => Assert.Equal(
        ["int int 4", "struct 16 {x:1@64}", "struct s 64 {:2@128}"],
        Minimal.Types(Of(b => Field(b),
            b => { var i = b.Int("int", 4); var inner = b.Struct("", 16, M("w", i), M("x", i, 64)); b.Struct("s", 64, M("a", i), M("", inner, 128)); }).Load("0:0", 0, 4)));

    [Fact]
    public void What_a_member_points_to_is_not_needed_and_a_struct_in_it_stays_empty() => Assert.Equal(
        ["struct in 4 {}", "ptr 0", "struct s 16 {p:2@0, n:1@64}"],
        Minimal.Types(Of(
            b => b.Struct("s", 16, M("p", b.Ptr(0)), M("n", b.Struct("in", 4), 64)),
            b => { var i = b.Int("int", 4); var inner = b.Struct("in", 4, M("y", i)); var p = b.Ptr(b.Struct("far", 4, M("y", i))); b.Struct("s", 16, M("p", p), M("n", inner, 64)); })
            .Load("0:0", 0).Move(CoreReloKind.FieldByteOffset, "0:1", 8)));

    [Fact]
    public void Modifiers_arrays_and_the_type_of_their_index_come_along() => Assert.Equal(
        ["int int 4", "const 1", "typedef t 2", "array 3[1:4]", "struct s 16 {x:4@0}"],
        Minimal.Types(Of(
            b => { var i = b.Int("int", 4); return b.Struct("s", 16, M("x", b.Array(i, i, 4))); },
            b => { var i = b.Int("int", 4); var t = b.Ref(BtfKind.Typedef, b.Ref(BtfKind.Const, i), "t"); b.Struct("s", 16, M("x", b.Array(t, i, 4))); }).Load("0:0:2", 8, 4)));

    [Fact]
    public void Bit_fields_keep_their_place_and_width() => Assert.Equal(
        ["int int 4", "struct s 4 {f:1@3/5}"],
        Minimal.Types(Of(
            b => b.Struct("s", 4, M("f", b.Int("int", 4), 0, 5)),
            b => { var i = b.Int("int", 4); b.Struct("s", 4, M("e", i, 0, 3), M("f", i, 3, 5)); })
                .Move(CoreReloKind.FieldRshiftU64, "0:0", 59)));

    [Fact]
    public void Without_a_bit_field_left_members_are_written_as_plain_ones()
    {
        var made = Minimal.Made(
            Of(b => Field(b), b => { var i = b.Int("int", 4); b.Struct("s", 8, M("e", i, 0, 3), M("x", i, 32)); }).Load("0:0", 0, 4));
        Assert.False(BtfReader.Read(made.Bytes)[2].KindFlag); // btf__add_field sets it with the first bit-field
    }

    [Fact]
    public void A_type_is_needed_without_members_and_with_what_it_points_to() => Assert.Equal(
        ["struct in 4 {}", "ptr 1", "typedef t 2"],
        Minimal.Types(Of(
            b => b.Ref(BtfKind.Typedef, b.Ptr(b.Struct("in", 4)), "t"),
            b => { var inner = b.Struct("in", 4, M("y", 1)); b.Ref(BtfKind.Typedef, b.Ptr(inner), "t"); })
                .Move(CoreReloKind.TypeExists, "0", 1)));

    [Fact]
    public void A_function_type_needs_what_it_returns_and_takes() => Assert.Equal(
        ["int int 4", "int long 8", "func_proto 1 (2)", "ptr 3", "typedef t 4"],
        Minimal.Types(Of(
            b => b.Ref(BtfKind.Typedef, b.Ptr(b.FuncProto(b.Int("int", 4), ("a", b.Int("long", 8)))), "t"),
            b => b.Ref(BtfKind.Typedef, b.Ptr(b.FuncProto(b.Int("int", 4), ("a", b.Int("long", 8)))), "t"))
                .Move(CoreReloKind.TypeSize, "0", 8)));

    [Fact]
    public void Matching_needs_all_members_and_theirs_but_of_structs_behind_pointers_none()
    {
        static uint S(BtfWriter b)
        {
            var i = b.Int("int", 4);
            var (near, far) = (b.Struct("near", 4, M("y", i)), b.Struct("far", 4, M("y", i)));
            return b.Struct("s", 16, M("n", near), M("f", b.Ptr(far), 64));
        }
        Assert.Equal(
            ["int int 4", "struct near 4 {y:1@0}", "struct far 4 {}", "ptr 3", "struct s 16 {n:2@0, f:4@64}"],
            Minimal.Types(Of(S, b => S(b)).Move(CoreReloKind.TypeMatches, "0", 1)));
    }

    [Fact]
    public void Behind_a_pointer_to_an_array_structs_are_whole_again()
    {
        // bpftool passes behind_ptr = false on from arrays, though libbpf's match does not look that far.
        static uint S(BtfWriter b)
        {
            var i = b.Int("int", 4);
            return b.Struct("s", 8, M("p", b.Ptr(b.Array(b.Struct("e", 4, M("y", i)), i, 2))));
        }
        Assert.Contains("struct e 4 {y:1@0}", Minimal.Types(Of(S, b => S(b)).Move(CoreReloKind.TypeMatches, "0", 1)));
    }

    [Fact]
    public void Enums_are_needed_whole() => Assert.Equal(
        ["enum e {A=5, B=6, C=7}"],
        Minimal.Types(Of(b => b.Enum("e", 4, false, ("B", 1)), b => b.Enum("e", 4, false, ("A", 5), ("B", 6), ("C", 7)))
            .Move(CoreReloKind.EnumValue, "0", 1)));

    [Theory]
    [InlineData(CoreReloKind.TypeIdLocal, 2)]
    [InlineData(CoreReloKind.TypeExists, 1)] // there is no such type in the kernel
    public void Local_ids_and_what_is_not_found_need_nothing(CoreReloKind kind, int compiled) =>
        Assert.Empty(Minimal.Types(Of(b => { Field(b); return 2; }, b => b.Int("s", 4)).Move(kind, "0", compiled)));

    [Fact]
    public void Of_several_candidates_the_first_that_matches_is_needed() => Assert.Equal(
        ["int int 4", "struct s___b 8 {x:1@32}"],
        Minimal.Types(Of(b => Field(b), b =>
        {
            var i = b.Int("int", 4);
            b.Struct("s___a", 8, M("y", i));
            b.Struct("s___b", 8, M("x", i, 32));
            b.Struct("s___c", 8, M("x", i, 32));
        }).Load("0:0", 0, 4)));

    [Fact]
    public void Forward_declarations_and_type_tags_are_kept_where_bpftool_gives_up() => Assert.Equal(
        ["fwd gone 0", "ptr 1", "type_tag user 2", "typedef t 3"],
        Minimal.Types(Of(
            b => b.Ref(BtfKind.Typedef, b.Ptr(b.Fwd("gone")), "t"),
            b => b.Ref(BtfKind.Typedef, b.Ref(BtfKind.TypeTag, b.Ptr(b.Fwd("gone")), "user"), "t")).Move(CoreReloKind.TypeExists, "0", 1)));

    [Fact]
    public void A_ring_of_pointers_is_gone_around_once() => Assert.Equal(
        ["int int 4", "ptr 3", "func_proto 2 (2)", "struct s 16 {x:1@0, r:2@64}"],
        Minimal.Types(Of(
            b => Field(b),
            b => { var i = b.Int("int", 4); var ring = b.Ptr(b.NextId + 1); b.FuncProto(ring, ("a", ring)); b.Struct("s", 16, M("x", i), M("r", ring, 64)); }).Move(CoreReloKind.TypeMatches, "0", 1)));
}
