using Relo.Core.Btf;
using Relo.Core.BtfExt;
using Relo.Core.Relocation;
using Relo.Core.Tests.Building;
using static Relo.Core.Btf.BtfWriter;

namespace Relo.Core.Tests.Robustness;

/// <summary>Types made to keep a matcher busy: every step is paid for, the budget ends it, and cancelling ends it sooner.</summary>
public sealed class MatchingWorkTests
{
    private const string TooMuch = "too much work";

    /// <summary>How many levels the recursive inputs have: 2 to the power of it would take hours.</summary>
    private const int Levels = 40;

    [Fact]
    public void Each_candidate_is_paid_for_even_where_it_has_nothing_to_compare()
    {
        const int candidates = 5_000, askers = 40;
        var ask = new Ask(b => S(b, "s"), b => { for (var i = 0; i < candidates; i++) b.Struct("s", 0); });
        for (var i = 0; i < askers; i++) ask.Move(CoreReloKind.FieldExists, "0:0", 1, root: S(ask.Local, $"s___{i}"));
        var (work, failed) = Work(ask);
        Assert.Null(failed);
        Assert.InRange(work, candidates * askers, 2 * candidates * askers);
    }

    [Theory]
    [InlineData(476)]
    [InlineData(50_000)]
    public void Structs_of_one_name_cost_in_proportion_to_their_number(int count)
    {
        var ask = new Ask(b => S(b, "s"), b => { for (var i = 0; i < count; i++) S(b, "s"); });
        for (var i = 0; i < 3; i++) ask.Load("0:0", 0, root: S(ask.Local, $"s___{i}"));
        var (work, failed) = Work(ask, budget: count * 300L);
        Assert.Null(failed);
        Assert.InRange(work, count, count * 300L);
        Assert.Equal(0, ask.Run().Offset(2));
    }

    [Fact]
    public void Unnamed_members_within_unnamed_members_end_by_the_budget()
    {
        static void Tree(BtfWriter b)
        {
            var id = S(b, "");
            for (var i = 0; i < Levels; i++) id = b.Struct(i == Levels - 1 ? "s" : "", 4, new Member("", id, 0), new Member("", id, 0));
        }
        Assert.Contains(TooMuch, Work(new Ask(b => b.Struct("s", 4, new Member("y", b.Int("int", 4), 0)), Tree).Move(CoreReloKind.FieldExists, "0:0", 1)).Failed, StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_that_take_functions_end_by_the_budget() =>
        Assert.Contains(TooMuch, Work(new Ask(b => Functions(b, 4), b => Functions(b, 4)).Move(CoreReloKind.TypeExists, "0", 1)).Failed, StringComparison.Ordinal);

    [Fact]
    public void Members_named_twice_on_each_level_end_by_the_budget() => Assert.Contains(TooMuch, Work(Twice()).Failed, StringComparison.Ordinal);

    [Fact]
    public void Enumerators_by_the_thousand_on_both_sides_end_by_the_budget()
    {
        // 3,000 times 1,500 comparisons, all of them in vain but the last of each.
        static uint E(BtfWriter b, bool turned) => b.Enum("e", 4, false, [.. Enumerable.Range(0, 3_000).Select(i => ($"e{(turned ? 2_999 - i : i)}", i))]);
        Assert.Contains(TooMuch, Work(new Ask(b => E(b, false), b => E(b, true)).Move(CoreReloKind.TypeMatches, "0", 1)).Failed, StringComparison.Ordinal);
    }

    [Fact]
    public void Modifiers_are_paid_for_one_by_one()
    {
        static uint Modified(BtfWriter b, int modifiers)
        {
            var id = b.Int("int", 4);
            for (var i = 0; i < modifiers; i++) id = b.Ref(BtfKind.Const, id);
            return b.Struct("s", 4, new Member("x", id, 0));
        }
        long Of(int modifiers) => Work(new Ask(b => Modified(b, modifiers), b => Modified(b, modifiers)).Move(CoreReloKind.TypeMatches, "0", 1)).Spent;
        Assert.Equal(2 * 200, Of(201) - Of(1));
    }

    [Fact]
    public void Long_names_cost_more_than_short_ones()
    {
        long Of(int length) => Work(new Ask(b => S(b, new('s', length)), b => { for (var i = 0; i < 100; i++) S(b, new('s', length)); }).Move(CoreReloKind.FieldExists, "0:0", 1)).Spent;
        Assert.InRange(Of(1024) - Of(1), 100 * 32, 100 * 32 * 2);
    }

    [Fact]
    public void A_token_is_looked_at_within_one_record()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var (bpf, kernel) = Twice().Open();
        var work = new WorkBudget(long.MaxValue, cancelled.Token);
        Assert.Throws<OperationCanceledException>(() => new Resolver(bpf, kernel, [], work).Resolve(0));
        Assert.InRange(work.Spent, 1, 100_000);
    }

    [Fact]
    public void A_token_is_looked_at_while_names_are_searched()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        // Functions are in no index: all types are looked at.
        var (bpf, kernel) = new Ask(b => b.Ref(BtfKind.Func, b.FuncProto(0), "f"), b => { for (var i = 0; i < 200_000; i++) b.Ptr(0); }).Move(CoreReloKind.TypeExists, "0", 1).Open();
        var work = new WorkBudget(long.MaxValue, cancelled.Token);
        Assert.Throws<OperationCanceledException>(() => new Resolver(bpf, kernel, [], work).Resolve(0));
        Assert.InRange(work.Spent, 1, 100_000);
    }

    /// <summary>What all accesses of the object cost, and what went wrong, within a budget that real objects stay far below.</summary>
    private static (long Spent, string? Failed) Work(Ask ask, long budget = 2_000_000)
    {
        var (bpf, kernel) = ask.Open();
        var work = new WorkBudget(budget, TestContext.Current.CancellationToken);
        var resolver = new Resolver(bpf, kernel, [], work);
        string? failed = null;
        for (var i = 0; i < bpf.Specs.Length && failed is null; i++) failed = resolver.Resolve(i).Message;
        return (work.Spent, failed);
    }

    private static Ask Twice()
    {
        static uint Tree(BtfWriter b, uint size)
        {
            var id = b.Int("int", size);
            for (var i = 0; i < 30; i++) id = b.Struct(i == 29 ? "s" : $"s{i}", 4, new Member("x", id, 0), new Member("x", id, 0));
            return id;
        }
        return new Ask(b => Tree(b, 4), b => Tree(b, 8)).Move(CoreReloKind.TypeMatches, "0", 1);
    }

    private static uint Functions(BtfWriter b, uint size)
    {
        var id = b.Int("int", size);
        for (var i = 0; i < 31; i++) id = b.FuncProto(0, ("a", id), ("b", id), ("c", id));
        return b.Ref(BtfKind.Typedef, id, "f");
    }

    private static uint S(BtfWriter b, string name) => b.Struct(name, 4, new Member("x", b.Int("int", 4), 0));
}
