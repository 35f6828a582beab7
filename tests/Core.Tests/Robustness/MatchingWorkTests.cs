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

    [Fact]
    public void Each_candidate_is_paid_for_even_where_it_has_nothing_to_compare()
    {
        const int candidates = 5_000, askers = 40;
        var ask = new Ask(b => S(b, "s"), b => { for (var i = 0; i < candidates; i++) b.Struct("s", 0); });
        for (var i = 0; i < askers; i++) ask.Move(CoreReloKind.FieldExists, "0:0", 1, root: S(ask.Local, $"s___{i}"));
        var (work, failed) = Work(ask, budget: 20 * candidates * askers);
        Assert.Null(failed);
        Assert.InRange(work, 16 * candidates * askers, 18 * candidates * askers);
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

    [Theory]
    [InlineData("members named twice on each level", 20_000)]
    [InlineData("functions of functions, exists", 20_000)]
    [InlineData("functions of functions, matches", 20_000)]
    [InlineData("unnamed members within unnamed members", 10_000)]
    public void What_libbpf_would_compare_for_hours_is_compared_once(string hog, long most)
    {
        var (spent, failed) = Work(Hogs.All[hog]());
        Assert.Null(failed);
        Assert.InRange(spent, 1, most);
    }

    [Theory]
    [InlineData("enumerators of underscores")]
    [InlineData("members of underscores")]
    [InlineData("members of underscores, matches")]
    [InlineData("types of underscores")]
    [InlineData("candidates of one name")]
    [InlineData("chains of modifiers")]
    [InlineData("enumerators by the thousand")]
    public void Work_without_end_ends_by_the_budget(string hog)
    {
        const long budget = 2_000_000;
        var (spent, failed) = Work(Hogs.All[hog](), budget);
        Assert.Contains(TooMuch, failed, StringComparison.Ordinal);
        Assert.InRange(spent, budget, budget + 50_000); // the last payment may be for a whole struct
    }

    [Fact]
    public void Names_that_share_a_bucket_are_paid_for()
    {
        var (spent, failed) = Work(Hogs.All["names in one bucket"](), long.MaxValue);
        Assert.Null(failed);
        Assert.InRange(spent, 300 * 40_000 / 8, long.MaxValue);
    }

    [Fact]
    public void Each_distinct_access_adds_to_the_budget_up_to_a_limit()
    {
        static long Allowed(int accesses)
        {
            var work = WorkBudget.For(accesses, CancellationToken.None);
            while (work.Pay(1 << 17)) { }
            return work.Spent;
        }
        Assert.InRange(Allowed(1), 1 << 25, 1 << 26);
        Assert.InRange(Allowed(1_000) - Allowed(1), 1_000 << 16, 1_000 << 18);
        Assert.Equal(Allowed(100_000), Allowed(200_000));
        Assert.InRange(Allowed(200_000), 1 << 28, 1L << 30);
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
        long Of(int modifiers) =>
            Work(new Ask(b => Modified(b, modifiers), b => Modified(b, modifiers)).Move(CoreReloKind.TypeMatches, "0", 1)).Spent;
        Assert.Equal(2 * 200, Of(201) - Of(1));
    }

    [Fact]
    public void Long_names_cost_more_than_short_ones()
    {
        long Of(int length) =>
            Work(new Ask(b => S(b, new('s', length)), b => { for (var i = 0; i < 100; i++) S(b, new('s', length)); })
                .Move(CoreReloKind.FieldExists, "0:0", 1)).Spent;
        // On both sides: the local name is compared with the kernel's, of which the essential part is then looked for.
        Assert.InRange(Of(1024) - Of(1), 2 * 100 * 1024 / 8, 3 * 100 * 1024 / 8);
    }

    [Fact]
    public void A_token_is_looked_at_within_one_record()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var (bpf, kernel) = Hogs.All["enumerators by the thousand"]().Open();
        var work = new WorkBudget(long.MaxValue, cancelled.Token);
        Assert.Throws<OperationCanceledException>(() => new Resolver(bpf, kernel, work).Resolve(0));
        Assert.InRange(work.Spent, 1, 100_000);
    }

    [Fact]
    public void A_token_is_looked_at_while_names_are_searched()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        // Functions are in no index: all types are looked at.
        var (bpf, kernel) = new Ask(b => b.Ref(BtfKind.Func, b.FuncProto(0), "f"), b => { for (var i = 0; i < 200_000; i++) b.Ptr(0); })
            .Move(CoreReloKind.TypeExists, "0", 1).Open();
        var work = new WorkBudget(long.MaxValue, cancelled.Token);
        Assert.Throws<OperationCanceledException>(() => new Resolver(bpf, kernel, work).Resolve(0));
        Assert.InRange(work.Spent, 1, 100_000);
    }

    /// <summary>The cost of all accesses of the object, and the error, within a budget far above that of real objects.</summary>
    private static (long Spent, string? Failed) Work(Ask ask, long budget = 2_000_000)
    {
        var (bpf, kernel) = ask.Open();
        var work = new WorkBudget(budget, TestContext.Current.CancellationToken);
        var resolver = new Resolver(bpf, kernel, work);
        string? failed = null;
        for (var i = 0; i < bpf.Specs.Length && failed is null; i++) failed = resolver.Resolve(i).Error.Message;
        return (work.Spent, failed);
    }

    private static uint S(BtfWriter b, string name) => b.Struct(name, 4, new Member("x", b.Int("int", 4), 0));
}
