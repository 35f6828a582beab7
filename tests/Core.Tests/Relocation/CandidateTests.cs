using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Tests.Building;

namespace Relo.Core.Tests.Relocation;

/// <summary>libbpf bpf_core_find_cands, bpf_core_add_cands and the pruning and ambiguity rules of bpf_core_calc_relo_insn.</summary>
public class CandidateTests
{
    private static uint S(BtfWriter b, string name, params (string Name, uint Byte)[] fields)
    {
        var u64 = b.Int("unsigned long", 8);
        return b.Struct(name, 64, [.. fields.Select(f => new BtfWriter.Member(f.Name, u64, f.Byte * 8))]);
    }

    [Fact]
    public void Flavours_on_either_side_are_candidates() =>
        Assert.Equal(24, new Ask(b => S(b, "sample___mine", ("x", 8)), b => S(b, "sample___v2", ("x", 24))).Load("0:0", 8).Run().Offset());

    [Fact]
    public void A_name_that_only_begins_alike_is_no_candidate() =>
        Assert.True(new Ask(b => S(b, "sample", ("x", 8)),
            b => { S(b, "sample_", ("x", 24)); S(b, "sampl", ("x", 24)); S(b, "sample2", ("x", 24)); }).Load("0:0", 8).Run().IsPoisoned());

    [Theory]
    [InlineData(BtfKind.Union)]
    [InlineData(BtfKind.Fwd)]
    [InlineData(BtfKind.Typedef)]
    public void Another_kind_of_the_same_name_is_no_candidate(BtfKind kind)
    {
        var answer = new Ask(b => S(b, "sample", ("x", 8)), b =>
        {
            var u64 = b.Int("unsigned long", 8);
            if (kind == BtfKind.Union) b.Union("sample", 8, new BtfWriter.Member("x", u64, 0));
            else if (kind == BtfKind.Fwd) b.Fwd("sample");
            else b.Ref(kind, u64, "sample");
        }).Load("0:0", 8).Run();
        Assert.True(answer.IsPoisoned());
        Assert.Equal(Core.Relocation.Miss.NoType, answer.Relocated.Fixups[0].Change.Poisoned);
    }

    [Fact]
    public void Two_candidates_of_one_place_are_no_ambiguity() =>
        Assert.Equal(
            24, new Ask(b => S(b, "s", ("x", 8)), b => { S(b, "s", ("x", 24)); S(b, "s___2", ("x", 24)); }).Load("0:0", 8).Run().Offset());

    [Fact]
    public void Two_candidates_of_different_places_are_ambiguous()
    {
        var answer = new Ask(b => S(b, "s", ("x", 8)), b => { S(b, "s", ("x", 24)); S(b, "s", ("x", 32)); }).Load("0:0", 8).Run();
        Assert.Contains("relo #0: field offset ambiguity: 256 != 192", answer.Error, StringComparison.Ordinal);
        Assert.EndsWith("failed to relocate: -22", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_ids_of_one_type_are_ambiguous_for_type_id()
    {
        var answer = new Ask(b => S(b, "s", ("x", 8)), b => { S(b, "s", ("x", 8)); S(b, "s", ("x", 8)); })
            .Move(CoreReloKind.TypeIdTarget, "0", 1).Run();
        Assert.Contains("relocation decision ambiguity: success 4 != success 2", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_match_drops_the_other_candidates_for_the_records_to_come()
    {
        // x only in the first struct, y only in the second: the record that comes first keeps its struct, the other is poisoned.
        static Ask Two() => new(b => S(b, "s", ("x", 0), ("y", 8)), b => { S(b, "s", ("x", 16)); S(b, "s", ("y", 32)); });

        var xFirst = Two().Load("0:0", 0).Load("0:1", 8).Run();
        Assert.Equal(16, xFirst.Offset(0));
        Assert.True(xFirst.IsPoisoned(1));

        var yFirst = Two().Load("0:1", 8).Load("0:0", 0).Run();
        Assert.Equal(32, yFirst.Offset(0));
        Assert.True(yFirst.IsPoisoned(1));
    }

    [Fact]
    public void A_record_that_matches_nothing_drops_nothing()
    {
        var answer = new Ask(b => S(b, "s", ("gone", 0), ("x", 8)), b => { S(b, "s", ("y", 0)); S(b, "s", ("x", 40)); }).Load("0:0", 0)
            .Load("0:1", 8).Run();
        Assert.True(answer.IsPoisoned(0));
        Assert.Equal(40, answer.Offset(1));
    }

    [Fact]
    public void An_answer_is_asked_again_once_candidates_were_dropped()
    {
        // "b" exists nowhere at first glance of the second struct only: a (both), x (first only), then a again.
        var answer = new Ask(b => S(b, "s", ("a", 0), ("x", 8)), b => { S(b, "s", ("a", 16), ("x", 24)); S(b, "s", ("a", 16)); })
            .Load("0:0", 0).Load("0:1", 8).Load("0:0", 0).Run();
        Assert.Equal([(short)16, (short)24, (short)16], [answer.Offset(0), answer.Offset(1), answer.Offset(2)]);
        Assert.Equal(2, answer.Relocated.Fixups[0].Resolution.Considered.Count);
        Assert.Single(answer.Relocated.Fixups[2].Resolution.Considered);
    }

    [Fact]
    public void Pruning_is_by_local_type_not_by_name()
    {
        // Two local flavours have a list of candidates each.
        var answer = new Ask(
            b => S(b, "s", ("x", 0)),
            b => { S(b, "s", ("x", 16)); S(b, "s", ("y", 32)); });
        var other = S(answer.Local, "s___other", ("y", 8));
        var run = answer.Load("0:0", 0).Load("0:0", 8, root: other).Run();
        Assert.Equal(16, run.Offset(0));
        Assert.Equal(32, run.Offset(1));
    }

    [Fact]
    public void An_anonymous_root_is_a_hard_error()
    {
        var answer = new Ask(b => S(b, "", ("x", 8)), b => S(b, "s", ("x", 8))).Load("0:0", 8).Run();
        Assert.Contains("target candidate search failed for [2] struct <anon>: -22", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_enum_may_become_an_enum64()
    {
        var answer = new Ask(b => b.Enum("e", 4, false, ("A", 1)), b => b.Enum64("e", false, ("A", 0x1_0000_0002)))
            .Wide(CoreReloKind.EnumValue, "0", 1).Run();
        Assert.Equal((2, 1), (answer.At(0).Imm, answer.At(0, slot: 1).Imm));
    }
}
