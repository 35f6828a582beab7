using Relo.Api.Work;

namespace Relo.Api.Tests.Work;

public sealed class WorkersTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Never_more_workers_than_allowed(int most)
    {
        using var workers = new Workers(most);
        var (now, seen) = (0, 0);
        var together = new TaskCompletionSource();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => workers.RunAsync(
            async () =>
            {
                var count = Interlocked.Increment(ref now);
                lock (together) seen = Math.Max(seen, count);
                if (count == most) together.TrySetResult();
                await together.Task.WaitAsync(Stop); // passes only if as many as allowed work side by side
                return Interlocked.Decrement(ref now);
            },
            Stop)));
        Assert.Equal(most, seen);
    }

    [Fact]
    public async Task A_worker_that_fails_is_free_again()
    {
        using var workers = new Workers(1);
        await Assert.ThrowsAsync<InvalidDataException>(() => workers.RunAsync<int>(() => throw new InvalidDataException("bad"), Stop));
        Assert.Equal(1, await workers.RunAsync(() => Task.FromResult(1), Stop));
    }
}
