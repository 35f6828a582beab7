namespace Relo.Api.Caching;

/// <summary>
/// A cache of expensive values. Concurrent callers share one computation; the size is limited in bytes, and the least recently used
/// values are evicted first. A caller that cancels does not affect the others: the computation stops when the last waiting caller has
/// cancelled.
/// </summary>
/// <param name="maxBytes">The limit. A larger value is returned to all waiting callers, but not kept.</param>
/// <param name="sizeOf">The size of a value. A value with several keys counts once.</param>
/// <param name="bytesPerKey">The size of a key; matters if many keys share a value.</param>
/// <param name="isOfOneCaller">
/// Whether a failure concerns only the caller that started the computation; null: none does. Those who joined then try once themselves.
/// </param>
internal sealed class SingleFlightCache<TKey, TValue>(
    long maxBytes, Func<TValue, long> sizeOf, long bytesPerKey = 0, Func<Exception, bool>? isOfOneCaller = null)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _kept = [];
    private readonly LinkedList<Entry> _recent = []; // the most recently used first
    private readonly Dictionary<TValue, Weight> _weights = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<TKey, Flight> _flights = [];

    /// <summary>The counters.</summary>
    public CacheTally Tally { get; } = new();

    /// <summary>The kept value of a key; null if there is none.</summary>
    public TValue? Find(TKey key)
    {
        lock (_lock)
        {
            if (!_kept.TryGetValue(key, out var node)) return null;
            Use(node);
            return node.Value.Value;
        }
    }

    /// <summary>Keeps a value under another key, unless that key already has one.</summary>
    public void Keep(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (!_kept.ContainsKey(key)) Keep(key, value, _weights.TryGetValue(value, out var weight) ? weight.Size : sizeOf(value));
        }
    }

    /// <summary>The value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="make">Computes the value; null is returned to all waiting callers and not kept. At most one call per key runs at a
    /// time.</param>
    /// <param name="cancellation">Cancels this caller's wait.</param>
    /// <param name="keep">Whether to keep a newly computed value; it is kept if any caller that shares the computation wants it.</param>
    public async Task<TValue?> GetAsync(TKey key, Func<CancellationToken, Task<TValue?>> make, CancellationToken cancellation,
        bool keep = true)
    {
        var isJoined = false;
        try
        {
            return await OnceAsync(key, make, keep, out isJoined, cancellation);
        }
        catch (Exception e) when (isJoined && isOfOneCaller?.Invoke(e) == true)
        {
            // The caller that started the computation was refused; this one may have room, or be allowed to wait for it. It tries only once
            // more, so that many waiting callers do not try in turn while the queue is full.
            return await OnceAsync(key, make, keep, out _, cancellation);
        }
    }

    /// <summary>Drops some values. Those being computed are returned to the waiting callers, but not kept.</summary>
    public void Forget(Func<TKey, bool> which)
    {
        lock (_lock)
        {
            foreach (var node in _kept.Values.Where(n => which(n.Value.Key)).ToList()) Remove(node);
            foreach (var key in _flights.Keys.Where(which).ToList()) _flights.Remove(key);
        }
    }

    private Task<TValue?> OnceAsync(
        TKey key, Func<CancellationToken, Task<TValue?>> make, bool keep, out bool isJoined, CancellationToken cancellation)
    {
        Flight? flight;
        lock (_lock)
        {
            isJoined = false;
            if (_kept.TryGetValue(key, out var node))
            {
                Use(node);
                return Task.FromResult<TValue?>(node.Value.Value);
            }

            isJoined = _flights.TryGetValue(key, out flight);
            if (isJoined) Tally.AddJoined();
            else _flights[key] = flight = Begin(key, make);
            flight!.Waiting++;
            flight.IsWanted |= keep;
        }

        return WaitAsync(key, flight, cancellation);
    }

    private async Task<TValue?> WaitAsync(TKey key, Flight flight, CancellationToken cancellation)
    {
        try
        {
            return await flight.Task.WaitAsync(cancellation);
        }
        finally
        {
            Leave(key, flight);
        }
    }

    private Flight Begin(TKey key, Func<CancellationToken, Task<TValue?>> make)
    {
        Tally.AddMade();
        var flight = new Flight();
        // On the thread pool: the caller holds the lock, and other callers must be able to join.
        flight.Task = Task.Run(async () =>
        {
            try
            {
                var value = await make(flight.Abandoned.Token);
                Keep(key, flight, value);
                return value;
            }
            finally
            {
                lock (_lock) Close(key, flight);
            }
        });
        return flight;
    }

    private void Keep(TKey key, Flight flight, TValue? value)
    {
        if (value is null) return;
        var size = sizeOf(value);
        lock (_lock)
        {
            // Not if Forget dropped the key in the meantime, or the other Keep has set it.
            if (flight.IsWanted && _flights.GetValueOrDefault(key) == flight && !_kept.ContainsKey(key)) Keep(key, value, size);
        }
    }

    private void Keep(TKey key, TValue value, long size)
    {
        if (size + bytesPerKey > maxBytes) return;
        _kept[key] = _recent.AddFirst(new Entry(key, value));
        if (!_weights.TryGetValue(value, out var weight))
        {
            _weights[value] = weight = new Weight(size);
            Tally.AddKept(0, size);
        }

        weight.Keys++;
        Tally.AddKept(1, bytesPerKey);
        while (Tally.Bytes > maxBytes)
        {
            Remove(_recent.Last!);
            Tally.AddEvicted();
        }
    }

    private void Use(LinkedListNode<Entry> node)
    {
        _recent.Remove(node);
        _recent.AddFirst(node);
        Tally.AddHit();
    }

    private void Leave(TKey key, Flight flight)
    {
        lock (_lock)
        {
            if (--flight.Waiting > 0 || flight.Task.IsCompleted) return;
            Close(key, flight); // the next caller starts a new computation
        }

        flight.Abandoned.Cancel();
    }

    private void Close(TKey key, Flight flight)
    {
        if (_flights.GetValueOrDefault(key) == flight) _flights.Remove(key);
    }

    private void Remove(LinkedListNode<Entry> node)
    {
        _kept.Remove(node.Value.Key);
        _recent.Remove(node);
        Tally.AddKept(-1, -bytesPerKey);
        var weight = _weights[node.Value.Value];
        if (--weight.Keys > 0) return;
        _weights.Remove(node.Value.Value);
        Tally.AddKept(0, -weight.Size);
    }

    private sealed record Entry(TKey Key, TValue Value);

    /// <summary>The size of a kept value, and its number of keys.</summary>
    private sealed class Weight(long size)
    {
        public long Size => size;
        public int Keys { get; set; }
    }

    /// <summary>A value that is being computed. <see cref="Waiting"/> and <see cref="IsWanted"/> are guarded by the cache's lock.</summary>
    private sealed class Flight
    {
        public CancellationTokenSource Abandoned { get; } = new();
        public Task<TValue?> Task { get; set; } = System.Threading.Tasks.Task.FromResult<TValue?>(null);
        public int Waiting { get; set; }
        public bool IsWanted { get; set; }
    }
}
