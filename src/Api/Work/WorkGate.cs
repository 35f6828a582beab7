using Microsoft.Extensions.Options;
using Relo.Api.Access;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Work;

/// <summary>
/// The one gate in front of the processors. Whatever takes processor time runs through it: relocations, minimal BTF, descriptions of objects,
/// packing. Cached answers and health checks do not.
/// <code>
/// caller ── place in the queue, fair between clients ── a processor for one slice ── done
///                                                             └── longer: the place passes on, the work goes on at the lowest priority
/// </code>
/// Short work therefore overtakes long work, however much of it there is.
/// </summary>
internal sealed class WorkGate(IOptions<LimitOptions> options)
{
    /// <summary>Most real relocations take less than 30 ms; what takes longer than this is long.</summary>
    public static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    // A full queue drains at a few milliseconds each.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly WorkQueue _queue = new(options.Value.Relocations > 0 ? options.Value.Relocations : Environment.ProcessorCount, options.Value.RelocationsWaiting);
    private readonly LongWork _long = new(options.Value.LongWork);
    private readonly TimeSpan _limit = options.Value.WorkTime;

    /// <summary>How many pieces of work wait for a processor.</summary>
    public int Waiting => _queue.Waiting;

    /// <summary>How many pieces of work go on at the lowest priority because they took longer than <see cref="Slice"/>.</summary>
    public int Long => _long.Count;

    /// <summary>Runs a piece of work on a thread of its own.</summary>
    /// <param name="work">The work. It ends soon after its token is cancelled.</param>
    /// <param name="cancellation">Cancelled when nobody wants the result any more.</param>
    /// <param name="isOneOfMany">Whether it is part of an answer over many kernels that has begun: it is never refused for a full queue.</param>
    /// <exception cref="RefusedException">The queue is full, or this client's share of it; or the work took longer than <c>Limits:WorkTime</c>.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, T> work, CancellationToken cancellation, bool isOneOfMany = false)
    {
        using var place = await TakeAsync(isOneOfMany, cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var thread = WorkThread.Start(work, stop.Token);
        using var turn = new Turn(place, _long);
        while (!await thread.EndsWithinAsync(Slice))
        {
            if (thread.ProcessorTime > _limit) await stop.CancelAsync();
            if (turn.PassOn()) thread.LowerPriority();
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

    /// <summary>Waits for a processor and keeps it until the result is disposed. For tests, which hold up the queue with it.</summary>
    internal async Task<IDisposable> TakeAsync(bool isOneOfMany, CancellationToken cancellation)
        => await _queue.TakeAsync(Caller.Current, isOneOfMany, cancellation) ?? throw new RefusedException(Problem.TooManyRequests(
            $"as many requests wait for a processor as Limits:RelocationsWaiting allows: {_queue.MostWaiting}, of which one client may have {_queue.MostWaitingPerClient}", RetryAfter));

    // A place for one slice; then, where there is room, one among the long work instead.
    private sealed class Turn(IDisposable place, LongWork work) : IDisposable
    {
        private bool _isLong;

        /// <summary>Gives the place to the next; true the first time that this was possible.</summary>
        public bool PassOn()
        {
            if (_isLong || !work.TryEnter()) return false;
            place.Dispose();
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
