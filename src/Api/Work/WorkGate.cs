using Microsoft.Extensions.Options;
using Relo.Api.Access;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Work;

/// <summary>
/// Schedules all work that takes processor time: relocations, minimal BTF, descriptions of objects, packing. Cached results and health
/// checks do not need it.
/// <code>
/// client ── queue, fair between clients ── processor slot for one time slice ── done
///                                                             └── longer: gives up the slot and continues at the lowest priority
/// </code>
/// So short work overtakes any amount of long work.
/// </summary>
internal sealed class WorkGate(IOptions<LimitOptions> options)
{
    /// <summary>Work that takes longer than this is long. Most real relocations take less than 30 ms.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    // Each request in a full queue takes a few milliseconds.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly WorkQueue _queue = new(options.Value.Relocations > 0 ? options.Value.Relocations : Environment.ProcessorCount,
        options.Value.RelocationsWaiting);
    private readonly LongWork _long = new(options.Value.LongWork);
    private readonly TimeSpan _limit = options.Value.WorkTime;

    /// <summary>The number of work items that wait for a slot.</summary>
    public int Waiting => _queue.Waiting;

    /// <summary>The number of work items that took longer than <see cref="Slice"/> and continue at the lowest priority.</summary>
    public int Long => _long.Count;

    /// <summary>Runs a work item on a thread of its own.</summary>
    /// <param name="work">The work. It ends soon after its token is cancelled.</param>
    /// <param name="cancellation">Cancelled when no client needs the result any more.</param>
    /// <param name="isOneOfMany">Whether it is part of a response over many kernels that has started, so that a full queue cannot refuse
    /// it.</param>
    /// <exception cref="RefusedException">The queue, or this client's share of it, is full; or the work took longer than
    /// <c>Limits:WorkTime</c>.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, T> work, CancellationToken cancellation, bool isOneOfMany = false)
    {
        using var slot = await TakeAsync(isOneOfMany, cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var thread = WorkThread.Start(work, stop.Token);
        using var turn = new Turn(slot, _long);
        while (!await thread.EndsWithinAsync(Slice))
        {
            if (thread.ProcessorTime > _limit) await stop.CancelAsync();
            if (turn.TryYield()) thread.LowerPriority();
        }

        try
        {
            return await thread.Result;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new RefusedException(Problem.TimeExceeded("the work on this object", _limit, nameof(LimitOptions.WorkTime)));
        }
    }

    /// <summary>Waits for a slot and holds it until the result is disposed. Internal for tests, which block the queue with it.</summary>
    internal async Task<IDisposable> TakeAsync(bool isOneOfMany, CancellationToken cancellation)
        => await _queue.TakeAsync(Caller.Current, isOneOfMany, cancellation) ?? throw new RefusedException(Problem.TooManyRequests(
            $"{_queue.MostWaiting} requests may wait for a processor (Limits:RelocationsWaiting), {_queue.MostWaitingPerClient} of one "
                + "client; the queue is full", RetryAfter));

    // A processor slot for one time slice; after it, a place among the long work, if one is free.
    private sealed class Turn(IDisposable slot, LongWork work) : IDisposable
    {
        private bool _isLong;

        /// <summary>Tries to give up the slot; true once, when it does.</summary>
        public bool TryYield()
        {
            if (_isLong || !work.TryEnter()) return false;
            slot.Dispose();
            return _isLong = true;
        }

        public void Dispose()
        {
            if (_isLong) work.Leave();
        }
    }

    private sealed class LongWork(int most)
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public bool TryEnter()
        {
            if (Interlocked.Increment(ref _count) <= most) return true;
            Leave();
            return false;
        }

        public void Leave() => Interlocked.Decrement(ref _count);
    }
}
