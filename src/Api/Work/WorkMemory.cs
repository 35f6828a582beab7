using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Work;

/// <summary>The estimated memory of one work item, counted in the budget. Not thread-safe.</summary>
/// <param name="budget">The budget.</param>
/// <param name="besideBytes">The memory that the request's upload already holds.</param>
internal sealed class WorkMemory(MemoryBudget budget, long besideBytes) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Pause = TimeSpan.FromMilliseconds(50);

    private readonly MemoryShare _share = budget.Share(MemoryUse.Work, besideBytes);

    /// <summary>Raises the share to this many bytes.</summary>
    /// <exception cref="RefusedException">The budget does not have that much now, or never allows it for one request.</exception>
    public void Reach(long totalBytes)
    {
        if (totalBytes > _share.HeldBytes) _share.Take(totalBytes - _share.HeldBytes);
    }

    /// <summary>
    /// The same for a part of a response that has started and can no longer be refused: waits for other work to end. It blocks, so call
    /// it on a thread of its own.
    /// </summary>
    /// <exception cref="RefusedException">The budget does not have that much for a long time, or never allows it for one
    /// request.</exception>
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
