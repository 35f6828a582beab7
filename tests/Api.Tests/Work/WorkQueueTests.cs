using Relo.Api.Work;

namespace Relo.Api.Tests.Work;

public sealed class WorkQueueTests
{
    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Places_go_to_the_clients_in_turn()
    {
        var queue = new WorkQueue(slots: 1, mostWaiting: 100);
        var place = (await queue.TakeAsync("a", false, Patience))!;
        var order = new List<string>();
        List<string> clients = ["a", "a", "a", "b", "c"];
        var all = clients.Select(RunAsync).ToList();
        Assert.Equal(5, queue.Waiting);
        place.Dispose();
        await Task.WhenAll(all);
        Assert.Equal(["a", "b", "c", "a", "a"], order);
        Assert.Equal(0, queue.Waiting);

        async Task RunAsync(string client)
        {
            using var turn = await queue.TakeAsync(client, false, Patience);
            order.Add(client);
        }
    }

    [Fact]
    public async Task One_client_fills_half_of_the_queue_and_all_together_the_whole()
    {
        var queue = new WorkQueue(slots: 1, mostWaiting: 4);
        var place = (await queue.TakeAsync("a", false, Patience))!;
        List<Task<IDisposable?>> waiting = [queue.TakeAsync("a", false, Patience), queue.TakeAsync("a", false, Patience)];
        Assert.Null(await queue.TakeAsync("a", false, Patience));
        waiting.Add(queue.TakeAsync("b", false, Patience));
        waiting.Add(queue.TakeAsync("c", false, Patience));
        Assert.Null(await queue.TakeAsync("d", false, Patience));
        waiting.Add(queue.TakeAsync("d", isOneOfMany: true, Patience));
        Assert.Equal(5, queue.Waiting);

        place.Dispose();
        foreach (var next in waiting.ToList())
        {
            var first = await Task.WhenAny(waiting);
            waiting.Remove(first);
            (await first)!.Dispose();
        }
    }

    [Fact]
    public async Task Who_leaves_the_queue_takes_no_place()
    {
        var queue = new WorkQueue(slots: 1, mostWaiting: 4);
        var place = (await queue.TakeAsync("a", false, Patience))!;
        using var gone = new CancellationTokenSource();
        var left = queue.TakeAsync("b", false, gone.Token);
        var stays = queue.TakeAsync("b", false, Patience);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.Equal(1, queue.Waiting);
        place.Dispose();
        (await stays)!.Dispose();
        (await queue.TakeAsync("c", false, Patience))!.Dispose();
    }

    [Fact]
    public async Task A_place_that_is_disposed_twice_is_given_once()
    {
        var queue = new WorkQueue(slots: 1, mostWaiting: 4);
        var place = (await queue.TakeAsync("a", false, Patience))!;
        var (first, second) = (queue.TakeAsync("b", false, Patience), queue.TakeAsync("b", false, Patience));
        place.Dispose();
        place.Dispose();
        using var running = await first;
        Assert.False(second.IsCompleted);
        Assert.Equal(1, queue.Waiting);
    }
}
