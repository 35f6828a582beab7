using Relo.Archive.Blobs;

namespace Relo.Archive.Tests.Blobs;

public sealed class SharedFetchesTests
{
    [Fact]
    public async Task Callers_share_a_fetch_in_progress_and_the_next_caller_begins_another()
    {
        using var fetches = new SharedFetches<string, int>();
        var (begun, end) = (0, new TaskCompletionSource());
        var first = Enumerable.Range(0, 16).Select(_ => fetches.GetAsync("one", FetchAsync)).ToList();
        var other = fetches.GetAsync("other", FetchAsync);
        end.SetResult();
        Assert.Single((await Task.WhenAll(first)).Distinct());
        Assert.NotEqual(await first[0], await other);
        Assert.Equal(3, await fetches.GetAsync("one", FetchAsync));

        async Task<int> FetchAsync(CancellationToken stop)
        {
            var number = Interlocked.Increment(ref begun);
            await end.Task.WaitAsync(stop);
            return number;
        }
    }

    [Fact]
    public async Task A_failure_reaches_the_callers_and_is_not_kept()
    {
        using var fetches = new SharedFetches<string, int>();
        await Assert.ThrowsAsync<InvalidDataException>(() => fetches.GetAsync("one", _ => throw new InvalidDataException()));
        Assert.Equal(1, await fetches.GetAsync("one", _ => Task.FromResult(1)));
    }

    [Fact]
    public async Task Disposal_cancels_what_is_in_progress_and_returns_when_it_has_ended()
    {
        var fetches = new SharedFetches<string, int>();
        var (begun, ended) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), false);
        var fetch = fetches.GetAsync("one", async stop =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => Thread.Sleep(50), TaskScheduler.Default); // cleans up
            ended = true;
            return 0;
        });
        await begun.Task;
        fetches.Dispose();
        Assert.True(ended);
        await fetch;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetches.GetAsync("late", async stop =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return 0;
        }));
    }
}
