using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Relo.Api.Compatibility;

/// <summary>
/// Begins work items in order, some ahead of the results that are taken, and returns the results in the same order. A slow consumer slows
/// the work down; a consumer that stops ends it.
/// </summary>
internal static class CompatibilityPass
{
    // Enough for the workers to continue while results are sent in order, and small in memory.
    private const int Ahead = 64;

    // Enough to find some that do not wait among neighbours that wait for each other.
    private const int AheadWaiting = 1024;

    /// <summary>Runs it.</summary>
    /// <param name="items">The work items.</param>
    /// <param name="waits">Whether an item only waits for an earlier one, or has its result already: many of these may be begun.</param>
    /// <param name="work">Computes the result of an item.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async IAsyncEnumerable<TResult> RunAsync<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, bool> waits, Func<TItem, CancellationToken, Task<TResult>> work,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var room = new SemaphoreSlim(Ahead);
        using var roomToWait = new SemaphoreSlim(AheadWaiting);
        var begun = Channel.CreateUnbounded<(Task<TResult> Result, bool Waits)>();
        var beginning = BeginAsync();
        Task last = Task.CompletedTask;
        try
        {
            await foreach (var (result, isWaiting) in begun.Reader.ReadAllAsync(cancellation))
            {
                last = result;
                yield return await result.WaitAsync(cancellation);
                (isWaiting ? roomToWait : room).Release();
            }

            await beginning; // rethrows the failure
        }
        finally
        {
            await left.CancelAsync();
            await beginning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // The work stops when the client disconnects.
            await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            while (begun.Reader.TryRead(out var rest)) await ((Task)rest.Result).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task BeginAsync()
        {
            try
            {
                foreach (var item in items)
                {
                    var isWaiting = waits(item);
                    await (isWaiting ? roomToWait : room).WaitAsync(left.Token);
                    left.Token.ThrowIfCancellationRequested();
                    begun.Writer.TryWrite((work(item, left.Token), isWaiting));
                }
            }
            finally
            {
                begun.Writer.Complete();
            }
        }
    }
}
