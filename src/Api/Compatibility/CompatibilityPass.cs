using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Relo.Api.Compatibility;

/// <summary>Does pieces of work side by side and hands the results out as they are done. Who takes them slowly slows the work down; who leaves ends it.</summary>
internal static class CompatibilityPass
{
    // Enough for the workers to go on while one result is sent, too few to weigh anything.
    private const int Ahead = 64;

    /// <summary>Runs it.</summary>
    /// <param name="pieces">The pieces.</param>
    /// <param name="workers">How many are worked on at a time.</param>
    /// <param name="work">The results of a piece.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async IAsyncEnumerable<TResult> RunAsync<TPiece, TResult>(
        IEnumerable<TPiece> pieces, int workers, Func<TPiece, CancellationToken, Task<IEnumerable<TResult>>> work, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var done = Channel.CreateBounded<TResult>(new BoundedChannelOptions(Ahead) { SingleReader = true });
        var working = WorkAsync();
        try
        {
            await foreach (var result in done.Reader.ReadAllAsync(cancellation)) yield return result;
            await working; // throws what ended it
        }
        finally
        {
            await left.CancelAsync();
            await working.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // nobody works on for a client that is gone
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
