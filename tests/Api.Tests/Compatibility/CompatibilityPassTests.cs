using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Compatibility;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;
using Relo.Core.Compatibility;
using Relo.Core.Objects;

namespace Relo.Api.Tests.Compatibility;

public sealed class CompatibilityPassTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_come_as_they_are_done_and_not_in_the_order_of_the_pieces()
    {
        var slow = new TaskCompletionSource();
        var results = new List<int>();
        await foreach (var result in CompatibilityPass.RunAsync<int, int>(Enumerable.Range(0, 10), 2, async (piece, stop) =>
        {
            if (piece == 0) await slow.Task.WaitAsync(stop);
            return [piece];
        }, Stop))
        {
            results.Add(result);
            if (results.Count == 9) slow.SetResult();
        }

        Assert.Equal(0, results[^1]);
        Assert.Equal(Enumerable.Range(0, 10), results.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Never_more_workers_than_allowed(int workers)
    {
        var (now, most) = (0, 0);
        var together = new TaskCompletionSource();
        await foreach (var _ in CompatibilityPass.RunAsync<int, int>(Enumerable.Range(0, 50), workers, async (_, stop) =>
        {
            var count = Interlocked.Increment(ref now);
            InterlockedMax(ref most, count);
            if (count == workers) together.TrySetResult();
            await together.Task.WaitAsync(stop); // passes only if as many as allowed do work side by side
            Interlocked.Decrement(ref now);
            return [0];
        }, Stop))
        {
        }

        Assert.Equal(workers, most);
    }

    [Fact]
    public async Task Who_takes_slowly_is_not_overrun()
    {
        var begun = 0;
        await using var results = CompatibilityPass.RunAsync<int, int>(Enumerable.Range(0, 10_000), 2, (piece, _) =>
        {
            Interlocked.Increment(ref begun);
            return Task.FromResult<IEnumerable<int>>([piece]);
        }, Stop).GetAsyncEnumerator(Stop);
        Assert.True(await results.MoveNextAsync());
        Assert.InRange(begun, 1, 200);
    }

    [Fact]
    public async Task What_flies_in_a_worker_reaches_the_taker()
    {
        var taken = CompatibilityPass.RunAsync<int, int>([1, 2, 3], 2,
            (piece, _) => piece == 2 ? throw new InvalidDataException("bad") : Task.FromResult<IEnumerable<int>>([piece]), Stop);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await taken.CountAsync(Stop));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_the_taker_is_gone_the_work_under_way_is_cancelled_and_none_is_begun(bool byToken)
    {
        using var gone = new CancellationTokenSource();
        var (begun, cancelled) = (0, 0);
        var results = CompatibilityPass.RunAsync<int, int>(Enumerable.Range(0, 1000), 2, async (piece, stop) =>
        {
            Interlocked.Increment(ref begun);
            if (piece == 0) return [piece];
            try
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            finally
            {
                Interlocked.Increment(ref cancelled);
            }

            return [piece];
        }, gone.Token).GetAsyncEnumerator(Stop);
        Assert.True(await results.MoveNextAsync());
        if (byToken)
        {
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await results.MoveNextAsync());
        }

        await results.DisposeAsync(); // comes back when no worker is left
        Assert.Equal(begun - 1, cancelled);
        Assert.InRange(begun, 1, 3);
    }

    [Fact]
    public async Task When_the_client_hangs_up_no_more_kernels_are_looked_at()
    {
        using var service = new ServiceHost(root: null, ("Compatibility:Parallelism", "2"));
        var runner = service.Services.GetRequiredService<CompatibilityRunner>();
        var check = new CompatibilityCheck(BpfObject.Read(Samples.Object));
        // A module of another name makes each a question of its own.
        var kernels = CompatibilityLinesTests.Kernels(1000)
            .ConvertAll(
                kernel => kernel with { Btf = Digest.Of(Samples.NewBtf), ModuleBtf = [new($"m{kernel.Release}", default, 0, default)] });
        using var gone = new CancellationTokenSource();
        var taken = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var finding in runner.RunAsync(Samples.ObjectDigest, check, kernels, gone.Token))
            {
                Assert.Equal(KernelVerdict.Guarded, finding.Verdict);
                if (++taken == 5) await gone.CancelAsync();
            }
        });
        Assert.InRange(runner.Tally.Made, 5, 200);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value && Interlocked.CompareExchange(ref target, value, seen) is var now
            && now != seen; seen = now) { }
    }
}
