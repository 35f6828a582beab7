namespace Relo.Api.Work;

/// <summary>
/// Places on the processors, and the clients that wait for one. A free place goes to the clients in turn, so a client with a thousand
/// requests delays another by one request, not by a thousand.
/// </summary>
/// <param name="places">How many run at a time.</param>
/// <param name="mostWaiting">How many may wait.</param>
internal sealed class WorkQueue(int places, int mostWaiting)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Line> _lines = []; // the client whose turn is next comes first
    private readonly Dictionary<string, LinkedListNode<Line>> _byClient = new(StringComparer.Ordinal);
    private int _free = places;
    private int _waiting;

    /// <summary>How many may wait.</summary>
    public int MostWaiting => mostWaiting;

    /// <summary>How many of these may be of one client: half of them, so that others always find room.</summary>
    public int MostWaitingPerClient => Math.Max(1, mostWaiting / 2);

    /// <summary>How many wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Waits for a place, which ends with the disposal of the result.</summary>
    /// <param name="client">Who waits.</param>
    /// <param name="isOneOfMany">Whether it waits however many do.</param>
    /// <param name="cancellation">It leaves the queue.</param>
    /// <returns>Null where the queue is full, or this client's share of it.</returns>
    public async Task<IDisposable?> TakeAsync(string client, bool isOneOfMany, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TaskCompletionSource<IDisposable> waiter;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return new Place(this);
            }

            var line = _byClient.GetValueOrDefault(client);
            if (!isOneOfMany && (_waiting >= mostWaiting || line?.Value.Waiters.Count >= MostWaitingPerClient)) return null;
            waiter = new(TaskCreationOptions.RunContinuationsAsynchronously);
            (line ?? Open(client)).Value.Waiters.AddLast(waiter);
            _waiting++;
        }

        await using (cancellation.Register(() => Leave(client, waiter, cancellation))) return await waiter.Task;
    }

    private LinkedListNode<Line> Open(string client) => _byClient[client] = _lines.AddLast(new Line(client, []));

    private void Leave(string client, TaskCompletionSource<IDisposable> waiter, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (!_byClient.TryGetValue(client, out var line) || !line.Value.Waiters.Remove(waiter)) return; // it has its place already
            _waiting--;
            if (line.Value.Waiters.Count == 0) Close(line);
        }

        waiter.SetCanceled(cancellation);
    }

    private void PassOn()
    {
        TaskCompletionSource<IDisposable> next;
        lock (_lock)
        {
            if (_lines.First is not { } line)
            {
                _free++;
                return;
            }

            next = line.Value.Waiters.First!.Value;
            line.Value.Waiters.RemoveFirst();
            _waiting--;
            _lines.RemoveFirst();
            if (line.Value.Waiters.Count > 0) _lines.AddLast(line);
            else _byClient.Remove(line.Value.Client);
        }

        next.SetResult(new Place(this));
    }

    private void Close(LinkedListNode<Line> line)
    {
        _lines.Remove(line);
        _byClient.Remove(line.Value.Client);
    }

    private sealed record Line(string Client, LinkedList<TaskCompletionSource<IDisposable>> Waiters);

    private sealed class Place(WorkQueue queue) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0) queue.PassOn();
        }
    }
}
