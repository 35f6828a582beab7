using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Work;

/// <summary>The memory that one piece of work is estimated to take. Not thread-safe.</summary>
/// <param name="budget">The budget it is taken from.</param>
/// <param name="besideBytes">What the request holds of the budget already: its upload.</param>
internal sealed class WorkMemory(MemoryBudget budget, long besideBytes) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(50);

    private readonly MemoryShare _share = budget.Share(MemoryUse.Work, besideBytes);

    /// <summary>Takes what is missing to this many bytes.</summary>
    /// <exception cref="RefusedException">It is not left, or one request never gets that much.</exception>
    public void Reach(long totalBytes)
    {
        if (totalBytes > _share.HeldBytes) _share.Take(totalBytes - _share.HeldBytes);
    }

    /// <summary>
    /// The same, for a part of an answer that has begun and can no longer be refused: waits for other work to end. Only on a thread of
    /// its own.
    /// </summary>
    /// <exception cref="RefusedException">It is not left for a long time, or one request never gets that much.</exception>
    public void ReachInTime(long totalBytes, CancellationToken stop)
    {
        for (var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds; ;)
        {
            try
            {
                Reach(totalBytes);
                return;
            }
            catch (RefusedException full) when (full.Problem.Kind == ProblemKinds.TooManyRequests && Environment.TickCount64 < deadline)
            {
                stop.WaitHandle.WaitOne(Pause);
                stop.ThrowIfCancellationRequested();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _share.Dispose();
}
