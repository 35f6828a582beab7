using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Limits;

/// <summary>
/// Limits the bytes that all requests together hold of one kind. A request that does not fit gets 429 instead of waiting: a request that waits already holds its part, so
/// none of those that wait could continue.
/// </summary>
/// <param name="mostBytes">The limit.</param>
/// <param name="what">What the bytes are, for the problem.</param>
/// <param name="setting">The setting behind the limit.</param>
internal abstract class ByteBudget(long mostBytes, string what, string setting)
{
    // Uploads that arrive fill a budget; one that keeps the minimum rate is complete by then, or aborted.
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);

    private long _taken;

    /// <summary>The limit.</summary>
    public long MostBytes => mostBytes;

    /// <summary>How many bytes are taken.</summary>
    public long TakenBytes => Volatile.Read(ref _taken);

    /// <summary>Takes bytes.</summary>
    /// <exception cref="RefusedException">Fewer are left: <c>too-many-requests</c>.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= mostBytes) return;
        GiveBack(bytes);
        throw new RefusedException(Problem.TooManyRequests($"{what} at the same time would need more than the {mostBytes} bytes that Limits:{setting} allows", ComeAgain));
    }

    /// <summary>Releases bytes.</summary>
    public void GiveBack(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
