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
    public async Task Results_come_in_the_order_of_the_items_and_the_next_are_computed_meanwhile()
    {
        var slow = new TaskCompletionSource();
        var results = new List<int>();
        await foreach (var result in CompatibilityPass.RunAsync(Enumerable.Range(0, 10), _ => false, async (item, stop) =>
        {
            if (item == 0) await slow.Task.WaitAsync(stop);
            if (item == 9) slow.SetResult();
            return item;
        }, Stop))
            results.Add(result);

        Assert.Equal(Enumerable.Range(0, 10), results);
    }

    [Fact]
    public async Task Items_that_wait_for_an_earlier_one_do_not_hold_back_those_after_them()
    {
        var (first, last) = (new TaskCompletionSource(), 1000);
        var results = await CompatibilityPass.RunAsync(Enumerable.Range(0, last + 1), item => item > 0 && item < last, async (item, stop) =>
        {
            if (item == last) first.SetResult();
            else await first.Task.WaitAsync(stop);
            return item;
        }, Stop).ToListAsync(Stop);
        Assert.Equal(Enumerable.Range(0, last + 1), results);
    }

    [Fact]
    public async Task Who_takes_slowly_is_not_overrun()
    {
        var begun = 0;
        await using var results = CompatibilityPass.RunAsync(Enumerable.Range(0, 10_000), _ => false, (item, _) =>
        {
            Interlocked.Increment(ref begun);
            return Task.FromResult(item);
        }, Stop).GetAsyncEnumerator(Stop);
        Assert.True(await results.MoveNextAsync());
        Assert.InRange(begun, 1, 200);
    }

    [Fact]
    public async Task Exception_of_an_item_reaches_the_taker()
    {
        var taken = CompatibilityPass.RunAsync([1, 2, 3], _ => false,
            (item, _) => item == 2 ? throw new InvalidDataException("bad") : Task.FromResult(item), Stop);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await taken.CountAsync(Stop));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_the_taker_is_gone_the_work_under_way_is_cancelled_and_none_is_begun(bool byToken)
    {
        using var gone = new CancellationTokenSource();
        var (begun, cancelled) = (0, 0);
        var results = CompatibilityPass.RunAsync(Enumerable.Range(0, 1000), _ => false, async (item, stop) =>
        {
            Interlocked.Increment(ref begun);
            if (item == 0) return item;
            try
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            finally
            {
                Interlocked.Increment(ref cancelled);
            }

            return item;
        }, gone.Token).GetAsyncEnumerator(Stop);
        Assert.True(await results.MoveNextAsync());
        if (byToken)
        {
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await results.MoveNextAsync());
        }

        await results.DisposeAsync(); // comes back when no worker is left
        Assert.Equal(begun - 1, cancelled);
        Assert.InRange(begun, 1, 100);
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
                kernel => kernel with { Btf = Digest.Of(Samples.NewBtf), ModuleBtf = [new($"m{kernel.Release}", default, 0)] });
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
}
