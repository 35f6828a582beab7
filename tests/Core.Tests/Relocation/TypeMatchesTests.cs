using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Relocation;

/// <summary>libbpf __bpf_core_types_match, bpf_core_composites_match, bpf_core_enums_match.</summary>
public class TypeMatchesTests
{
    private static BtfWriter.Member M(string name, uint type, uint bit = 0) => new(name, type, bit);

    private static int Matches(Func<BtfWriter, uint> local, Action<BtfWriter> target) =>
        new Ask(local, target).Move(CoreReloKind.TypeMatches, "0", 1).Run().Immediate();

    private static int Member(Func<BtfWriter, uint> local, Func<BtfWriter, uint> target) =>
        Matches(b => { var t = local(b); return b.Struct("s", 64, M("x", t)); }, b => { var t = target(b); b.Struct("s", 64, M("x", t)); });

    [Fact]
    public void Every_local_member_must_be_there_and_more_may_be()
    {
        static uint S(BtfWriter b,
            params string[] names)
        { var i = b.Int("int", 4); return b.Struct("s", 64, [.. names.Select((n, k) => M(n, i, (uint)k * 32))]); }
        Assert.Equal(1, Matches(b => S(b, "a", "b"), b => S(b, "b", "c", "a")));
        Assert.Equal(0, Matches(b => S(b, "a", "b"), b => S(b, "a", "c", "d")));
        Assert.Equal(0, Matches(b => S(b, "a", "b"), b => S(b, "a")));
        Assert.Equal(1, Matches(b => S(b, "a___mine"), b => S(b, "a"))); // members by essential name, unlike field access
    }

    [Fact]
    public void Integers_match_in_size_and_sign()
    {
        Assert.Equal(1, Member(b => b.Int("int", 4, 1), b => b.Int("int", 4, 1)));
        Assert.Equal(0, Member(b => b.Int("int", 4, 1), b => b.Int("int", 8, 1)));
        Assert.Equal(0, Member(b => b.Int("int", 4, 1), b => b.Int("int", 4)));
        Assert.Equal(0, Member(b => b.Int("int", 4), b => b.Int("unsigned int", 4))); // names match at every level
    }

    [Fact]
    public void Arrays_match_in_length()
    {
        Assert.Equal(1, Member(b => b.Array(b.Int("int", 4), 1, 3), b => b.Array(b.Int("int", 4), 1, 3)));
        Assert.Equal(0, Member(b => b.Array(b.Int("int", 4), 1, 3), b => b.Array(b.Int("int", 4), 1, 4)));
    }

    [Fact]
    public void Structs_match_member_by_member_unless_behind_a_pointer()
    {
        static uint Inner(BtfWriter b, string member) => b.Struct("in", 4, M(member, b.Int("int", 4)));
        Assert.Equal(0, Member(b => Inner(b, "a"), b => Inner(b, "b")));
        Assert.Equal(1, Member(b => b.Ptr(Inner(b, "a")), b => b.Ptr(Inner(b, "b"))));
    }

    [Fact]
    public void Behind_a_pointer_a_forward_declaration_of_the_kind_will_do()
    {
        static uint Inner(BtfWriter b) => b.Struct("in", 4, M("a", b.Int("int", 4)));
        Assert.Equal(1, Member(b => b.Ptr(Inner(b)), b => b.Ptr(b.Fwd("in"))));
        Assert.Equal(0, Member(b => b.Ptr(Inner(b)), b => b.Ptr(b.Fwd("in", union: true))));
        Assert.Equal(1, Member(b => b.Ptr(b.Fwd("in")), b => b.Ptr(Inner(b))));
        Assert.Equal(0, Member(b => b.Ptr(b.Fwd("in", union: true)), b => b.Ptr(Inner(b))));
        Assert.Equal(1, Member(b => b.Ptr(b.Fwd("in")), b => b.Ptr(b.Fwd("in"))));
        Assert.Equal(0, Member(b => b.Ptr(b.Fwd("in")), b => b.Ptr(b.Fwd("in", union: true))));
    }

    [Fact]
    public void Enums_match_by_names_and_size_not_by_values()
    {
        Assert.Equal(1, Member(b => b.Enum("e", 4, false, ("A", 1)), b => b.Enum("e", 4, false, ("B", 1), ("A", 2))));
        Assert.Equal(0, Member(b => b.Enum("e", 4, false, ("A", 1)), b => b.Enum("e", 4, false, ("B", 1))));
        Assert.Equal(0, Member(b => b.Enum("e", 4, false, ("A", 1)), b => b.Enum("e", 2, false, ("A", 1))));
        Assert.Equal(1, Member(b => b.Enum("e", 8, false, ("A", 1)), b => b.Enum64("e", false, ("A", 1))));
        Assert.Equal(1, Member(b => b.Enum("e", 4, false, ("A___old", 1)), b => b.Enum("e", 4, false, ("A", 1))));
    }

    [Fact]
    public void An_anonymous_target_needs_an_anonymous_local()
    {
        static uint E(BtfWriter b, string name) => b.Enum(name, 4, false, ("A", 1));
        Assert.Equal(1, Member(b => E(b, ""), b => E(b, "")));
        Assert.Equal(0, Member(b => E(b, "e"), b => E(b, "")));
        Assert.Equal(0, Member(b => E(b, ""), b => E(b, "e")));
    }

    [Fact]
    public void Of_several_target_members_of_one_name_any_may_match() =>
        Assert.Equal(1, Matches(
            b => b.Struct("s", 4, M("x", b.Int("int", 4))),
            b => { var p = b.Ptr(0); var i = b.Int("int", 4); b.Struct("s", 16, M("x", p), M("x", i, 64)); }));

    [Fact]
    public void Functions_match_in_parameters_and_result()
    {
        static uint F(BtfWriter b, uint result, params uint[] parameters) =>
            b.Ptr(b.FuncProto(result, [.. parameters.Select(p => ("p", p))]));
        Assert.Equal(1, Member(b => F(b, 0, b.Int("int", 4)), b => F(b, 0, b.Int("int", 4))));
        Assert.Equal(0, Member(b => F(b, 0, b.Int("int", 4)), b => F(b, 0, b.Int("int", 8))));
        Assert.Equal(0, Member(b => F(b, b.Int("int", 4)), b => F(b, 0)));
        Assert.Equal(0, Member(b => F(b, 0, b.Int("int", 4)), b => F(b, 0)));
    }

    [Fact]
    public void Floats_never_match() => Assert.Equal(0, Member(b => b.Float("float", 4), b => b.Float("float", 4)));

    [Fact]
    public void More_than_32_nested_structs_are_a_hard_error()
    {
        static uint Nested(BtfWriter b)
        {
            var id = b.Int("int", 4);
            for (var i = 0; i < 40; i++) id = b.Struct(i == 39 ? "s" : $"s{i}", 4, M("x", id));
            return id;
        }
        var answer = new Ask(Nested, b => Nested(b)).Move(CoreReloKind.TypeMatches, "0", 1).Run();
        Assert.EndsWith("-22", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Comparison_that_takes_libbpf_hours_has_an_answer()
    {
        // Each level names its member twice: 2^30 comparisons that all fail at the bottom.
        static uint Tree(BtfWriter b, uint size)
        {
            var id = b.Int("int", size);
            for (var i = 0; i < 30; i++) id = b.Struct(i == 29 ? "s" : $"s{i}", 4, M("x", id), M("x", id));
            return id;
        }
        var answer = new Ask(b => Tree(b, 4), b => Tree(b, 8)).Move(CoreReloKind.TypeMatches, "0", 1).Run(budget: 100_000);
        Assert.Equal(0, answer.Immediate());
    }
}
