using Relo.Api.Caching;
using Relo.Api.Http.Problems;

namespace Relo.Api.Tests.Caching;

public sealed class SingleFlightCacheTests
{
    [Fact]
    public async Task All_who_ask_at_once_get_the_one_value_that_is_made()
    {
        var cache = Cache(1000);
        var gate = new TaskCompletionSource();
        var asked = Enumerable.Range(0, 100)
            .Select(_ => cache.GetAsync("a", async stop => { await gate.Task.WaitAsync(stop); return new string('x', 10); }, Now)).ToList();
        gate.SetResult();
        var values = await Task.WhenAll(asked);
        Assert.All(values, v => Assert.Same(values[0], v));
        Assert.Equal((1, 99, 0), (cache.Tally.Made, cache.Tally.Joined, cache.Tally.Hits));
        Assert.Same(values[0], await cache.GetAsync("a", Never, Now));
        Assert.Equal((1, 10, 1), (cache.Tally.Hits, cache.Tally.Bytes, cache.Tally.Count));
    }

    [Fact]
    public async Task The_least_recently_used_goes_when_the_bytes_are_full()
    {
        var cache = Cache(100);
        await cache.GetAsync("a", Make(40), Now);
        await cache.GetAsync("b", Make(40), Now);
        await cache.GetAsync("a", Never, Now);
        await cache.GetAsync("c", Make(40), Now);
        Assert.Equal((80, 1), (cache.Tally.Bytes, cache.Tally.Evicted));
        await cache.GetAsync("a", Never, Now);
        await cache.GetAsync("c", Never, Now);
        await cache.GetAsync("b", Make(1), Now);
        Assert.Equal(4, cache.Tally.Made);
    }

    [Fact]
    public async Task A_value_larger_than_the_bound_is_given_and_not_kept()
    {
        var cache = Cache(100);
        await cache.GetAsync("small", Make(60), Now);
        Assert.Equal(101, (await cache.GetAsync("large", Make(101), Now))?.Length);
        Assert.Equal((60, 1), (cache.Tally.Bytes, cache.Tally.Count));
    }

    [Fact]
    public async Task Failures_reach_all_who_wait_and_are_not_kept()
    {
        var cache = Cache(100);
        var gate = new TaskCompletionSource();
        var asked = Enumerable.Range(0, 3)
            .Select(_ => cache.GetAsync(
                "a", async stop => { await gate.Task.WaitAsync(stop); throw new InvalidDataException("bad"); }, Now)).ToList();
        gate.SetResult();
        foreach (var one in asked) Assert.Equal("bad", (await Assert.ThrowsAsync<InvalidDataException>(() => one)).Message);
        Assert.Equal(5, (await cache.GetAsync("a", Make(5), Now))?.Length);
    }

    [Fact]
    public async Task Full_queue_of_the_one_who_began_is_not_that_of_those_who_joined()
    {
        var cache = Cache(100);
        var gate = new TaskCompletionSource();
        var first = cache.GetAsync("a", async stop => { await gate.Task.WaitAsync(stop); throw Full(); }, Now);
        var joined = cache.GetAsync("a", Make(5), Now);
        gate.SetResult();
        Assert.Equal(ProblemKinds.TooManyRequests, (await Assert.ThrowsAsync<RefusedException>(() => first)).Problem.Kind);
        Assert.Equal(5, (await joined)?.Length);
        Assert.Equal((2, 1), (cache.Tally.Made, cache.Tally.Joined));
    }

    [Fact]
    public async Task Those_who_joined_try_once_more_and_then_are_refused()
    {
        var cache = Cache(100);
        var gate = new TaskCompletionSource();
        var calls = 0;
        var asked = Enumerable.Range(0, 10).Select(_ => cache.GetAsync("a", async stop =>
        {
            Interlocked.Increment(ref calls);
            await gate.Task.WaitAsync(stop);
            throw Full();
        }, Now)).ToList();
        gate.SetResult();
        foreach (var one in asked) await Assert.ThrowsAsync<RefusedException>(() => one);
        Assert.InRange(calls, 2, 10);
    }

    [Fact]
    public async Task Nothing_is_not_kept()
    {
        var cache = Cache(100);
        Assert.Null(await cache.GetAsync("a", _ => Task.FromResult<string?>(null), Now));
        Assert.Equal(5, (await cache.GetAsync("a", Make(5), Now))?.Length);
    }

    [Fact]
    public async Task One_who_hangs_up_does_not_spoil_it_for_the_others()
    {
        var cache = Cache(100);
        var gate = new TaskCompletionSource();
        using var first = new CancellationTokenSource();
        var leaving = cache.GetAsync("a", async stop => { await gate.Task.WaitAsync(stop); return "value"; }, first.Token);
        var staying = cache.GetAsync("a", Never, Now);
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        gate.SetResult();
        Assert.Equal("value", await staying);
    }

    [Fact]
    public async Task When_the_last_one_hangs_up_the_work_stops_and_the_next_begins_anew()
    {
        var cache = Cache(100);
        var stopped = new TaskCompletionSource();
        using var only = new CancellationTokenSource();
        var leaving = cache.GetAsync("a", async stop =>
        {
            stop.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, stop);
            return "never";
        }, only.Token);
        await only.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(30), Now);
        Assert.Equal(7, (await cache.GetAsync("a", Make(7), Now))?.Length);
    }

    [Fact]
    public async Task What_is_forgotten_while_it_is_made_is_not_kept()
    {
        var cache = Cache(100);
        await cache.GetAsync("b", Make(10), Now);
        var gate = new TaskCompletionSource();
        var asked = cache.GetAsync("a", async stop => { await gate.Task.WaitAsync(stop); return "old"; }, Now);
        cache.Forget(key => key is "a" or "b");
        gate.SetResult();
        Assert.Equal("old", await asked);
        Assert.Equal((0, 0), (cache.Tally.Count, cache.Tally.Bytes));
        Assert.Equal("new", await cache.GetAsync("a", _ => Task.FromResult<string?>("new"), Now));
    }

    [Fact]
    public async Task What_is_kept_under_the_key_while_it_is_made_counts_once()
    {
        var cache = Cache(100);
        var gate = new TaskCompletionSource();
        var asked = cache.GetAsync("a", async stop => { await gate.Task.WaitAsync(stop); return "made"; }, Now);
        cache.Keep("a", "kept");
        gate.SetResult();
        Assert.Equal("made", await asked);
        Assert.Equal((1, 4), (cache.Tally.Count, cache.Tally.Bytes));
        Assert.Equal("kept", await cache.GetAsync("a", Never, Now));
        cache.Forget(key => key == "a");
        Assert.Equal((0, 0), (cache.Tally.Count, cache.Tally.Bytes));
    }

    [Fact]
    public async Task What_nobody_wants_kept_is_given_and_not_kept()
    {
        var cache = Cache(100);
        Assert.Equal(10, (await cache.GetAsync("a", Make(10), Now, keep: false))?.Length);
        Assert.Equal((0, 0), (cache.Tally.Count, cache.Tally.Bytes));
        await cache.GetAsync("a", Make(20), Now);
        Assert.Equal(20, (await cache.GetAsync("a", Never, Now, keep: false))?.Length); // but used if it is present
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task What_one_of_those_who_wait_wants_kept_is_kept(bool first, bool second)
    {
        var cache = Cache(100);
        var gate = new TaskCompletionSource();
        var asked = new[] { first, second }
            .Select(keep => cache.GetAsync("a", async stop => { await gate.Task.WaitAsync(stop); return "value"; }, Now, keep)).ToList();
        gate.SetResult();
        await Task.WhenAll(asked);
        Assert.Equal((1, 1), (cache.Tally.Made, cache.Tally.Count));
    }

    [Fact]
    public async Task A_value_that_many_keys_share_counts_once_until_the_last_of_them_goes()
    {
        var shared = new string('x', 50);
        var cache = new SingleFlightCache<string, string>(80, value => value.Length, bytesPerKey: 10);
        foreach (var key in new[] { "a", "b", "c" }) await cache.GetAsync(key, _ => Task.FromResult<string?>(shared), Now);
        Assert.Equal((3, 80, 0), (cache.Tally.Count, cache.Tally.Bytes, cache.Tally.Evicted));
        cache.Forget(key => key is "a" or "b");
        Assert.Equal((1, 60), (cache.Tally.Count, cache.Tally.Bytes));
        await cache.GetAsync("d", Make(15), Now); // there is room for it only without what c has
        Assert.Equal((1, 25, 1), (cache.Tally.Count, cache.Tally.Bytes, cache.Tally.Evicted));
    }

    private static RefusedException Full() => new(Problem.TooManyRequests("the queue is full", TimeSpan.FromSeconds(2)));

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private static SingleFlightCache<string, string> Cache(long maxBytes) =>
        new(maxBytes, value => value.Length, isOfOneCaller: RefusedException.IsOfOneClient);

    private static Func<CancellationToken, Task<string?>> Make(int length) => _ => Task.FromResult<string?>(new string('x', length));

    private static Task<string?> Never(CancellationToken stop) => throw new InvalidOperationException("made although it is there");
}
