namespace Relo.Api.Work;

/// <summary>
/// Processor slots, and the clients that wait for one. The clients take turns, so a client with a thousand requests delays another client
/// by one request, not by a thousand.
/// </summary>
/// <param name="slots">The number of slots.</param>
/// <param name="mostWaiting">The maximum number of waiting requests.</param>
internal sealed class WorkQueue(int slots, int mostWaiting)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Line> _lines = []; // the client whose turn is next comes first
    private readonly Dictionary<string, LinkedListNode<Line>> _byClient = new(StringComparer.Ordinal);
    private int _free = slots;
    private int _waiting;

    /// <summary>The maximum number of waiting requests.</summary>
    public int MostWaiting => mostWaiting;

    /// <summary>The same for one client: half of them, so that there is always room for others.</summary>
    public int MostWaitingPerClient => Math.Max(1, mostWaiting / 2);

    /// <summary>The number of waiting requests.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Waits for a slot, which the caller releases by disposing the result.</summary>
    /// <param name="client">The waiting client.</param>
    /// <param name="isOneOfMany">Whether it waits even if the queue is full.</param>
    /// <param name="cancellation">Removes it from the queue.</param>
    /// <returns>Null if the queue, or this client's share of it, is full.</returns>
    public async Task<IDisposable?> TakeAsync(string client, bool isOneOfMany, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TaskCompletionSource<IDisposable> waiter;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return new Slot(this);
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
            if (!_byClient.TryGetValue(client, out var line) || !line.Value.Waiters.Remove(waiter)) return; // it already has its slot
            _waiting--;
            if (line.Value.Waiters.Count == 0) Close(line);
        }

        waiter.SetCanceled(cancellation);
    }

    private void Release()
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

        next.SetResult(new Slot(this));
    }

    private void Close(LinkedListNode<Line> line)
    {
        _lines.Remove(line);
        _byClient.Remove(line.Value.Client);
    }

    private sealed record Line(string Client, LinkedList<TaskCompletionSource<IDisposable>> Waiters);

    private sealed class Slot(WorkQueue queue) : IDisposable
    {
        private int _isReleased;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReleased, 1) == 0) queue.Release();
        }
    }
}
