using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Limits;

/// <summary>
/// Limits the bytes of one kind that all requests hold together. A request that does not fit gets 429 instead of waiting: a waiting
/// request would hold its part, so the waiting requests could block each other for ever.
/// </summary>
/// <param name="mostBytes">The limit.</param>
/// <param name="what">What the bytes are, for the problem.</param>
/// <param name="setting">The setting behind the limit.</param>
internal abstract class ByteBudget(long mostBytes, string what, string setting)
{
    // Uploads in progress fill the budget; at the minimum data rate each is complete or aborted by then.
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);

    private long _taken;

    /// <summary>The limit.</summary>
    public long MostBytes => mostBytes;

    /// <summary>The number of bytes taken.</summary>
    public long TakenBytes => Volatile.Read(ref _taken);

    /// <summary>Takes bytes.</summary>
    /// <exception cref="RefusedException">Fewer bytes are left: <c>too-many-requests</c>.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= mostBytes) return;
        GiveBack(bytes);
        throw new RefusedException(Problem.TooManyRequests($"{what} at the same time would need more than the {mostBytes} bytes that Limits:{setting} allows", ComeAgain));
    }

    /// <summary>Releases bytes.</summary>
    public void GiveBack(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
