using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Limits;

/// <summary>
/// Limits the bytes of one kind that all requests hold together. A request that does not fit gets 429 instead of waiting: a waiting
/// request would hold its share, so waiting requests could deadlock.
/// </summary>
/// <param name="mostBytes">The limit.</param>
/// <param name="what">Name of the bytes, for the problem.</param>
/// <param name="setting">The setting of the limit.</param>
internal abstract class ByteBudget(long mostBytes, string what, string setting)
{
    // Uploads in progress fill the budget; at the minimum data rate each is complete or aborted by then.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private long _taken;

    /// <summary>The limit.</summary>
    public long MostBytes => mostBytes;

    /// <summary>The number of bytes taken.</summary>
    public long TakenBytes => Volatile.Read(ref _taken);

    /// <summary>Takes bytes.</summary>
    /// <exception cref="RefusedException">Fewer bytes are available: <c>too-many-requests</c>.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= mostBytes) return;
        Release(bytes);
        throw Full();
    }

    /// <summary>Checks whether bytes are available, without taking them.</summary>
    /// <exception cref="RefusedException">Fewer bytes are available: <c>too-many-requests</c>.</exception>
    public void Check(long bytes)
    {
        if (TakenBytes + bytes > mostBytes) throw Full();
    }

    /// <summary>Releases bytes.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _taken, -bytes);

    private RefusedException Full() => new(Problem.TooManyRequests(
        $"all {what} together would need more than the {mostBytes} bytes that Limits:{setting} allows", RetryAfter));
}
