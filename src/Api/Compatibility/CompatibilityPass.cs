using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Relo.Api.Compatibility;

/// <summary>
/// Runs work items concurrently and returns the results in the order of completion. A slow consumer slows the work down; a consumer that
/// stops ends it.
/// </summary>
internal static class CompatibilityPass
{
    // Enough for the workers to continue while one result is sent, and small in memory.
    private const int Ahead = 64;

    /// <summary>Runs it.</summary>
    /// <param name="pieces">The work items.</param>
    /// <param name="workers">Maximum number of concurrent items.</param>
    /// <param name="work">Computes the results of an item.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async IAsyncEnumerable<TResult> RunAsync<TPiece, TResult>(
        IEnumerable<TPiece> pieces, int workers, Func<TPiece, CancellationToken, Task<IEnumerable<TResult>>> work,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var done = Channel.CreateBounded<TResult>(new BoundedChannelOptions(Ahead) { SingleReader = true });
        var working = WorkAsync();
        try
        {
            await foreach (var result in done.Reader.ReadAllAsync(cancellation)) yield return result;
            await working; // rethrows the failure
        }
        finally
        {
            await left.CancelAsync();
            await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the work stops when the client disconnects
        }

        async Task WorkAsync()
        {
            try
            {
                var how = new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = left.Token };
                await Parallel.ForEachAsync(pieces, how, async (piece, stop) =>
                {
                    foreach (var result in await work(piece, stop)) await done.Writer.WriteAsync(result, stop);
                });
            }
            finally
            {
                done.Writer.Complete();
            }
        }
    }
}
