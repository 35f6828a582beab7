namespace Relo.Api.Caching;

/// <summary>
/// Values that cost much to make: made once however many ask at once, kept within a bound of bytes, the least recently used go first.
/// Nobody's hanging up spoils it for the others: the work stops when the last of those who wait is gone.
/// </summary>
/// <param name="maxBytes">The bound. A value beyond it is made, given to all who wait, and not kept.</param>
/// <param name="sizeOf">What a value counts for: once, however many keys have it.</param>
/// <param name="bytesPerKey">What a key counts for; of weight where many keys share a value.</param>
internal sealed class SingleFlightCache<TKey, TValue>(long maxBytes, Func<TValue, long> sizeOf, long bytesPerKey = 0)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _kept = [];
    private readonly LinkedList<Entry> _recent = []; // the most recently used first
    private readonly Dictionary<TValue, Weight> _weights = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<TKey, Flight> _flights = [];

    /// <summary>How it went so far.</summary>
    public CacheTally Tally { get; } = new();

    /// <summary>The value of a key.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="make">Makes it; null is given to all who wait and not kept. Called at most once at a time for a key.</param>
    /// <param name="cancellation">This caller is gone.</param>
    /// <param name="keep">Whether this caller wants it kept where it has to be made; it is when one of those who wait does.</param>
    public async Task<TValue?> GetAsync(TKey key, Func<CancellationToken, Task<TValue?>> make, CancellationToken cancellation, bool keep = true)
    {
        Flight flight;
        lock (_lock)
        {
            if (_kept.TryGetValue(key, out var node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                Tally.AddHit();
                return node.Value.Value;
            }

            if (_flights.TryGetValue(key, out flight!)) Tally.AddJoined();
            else _flights[key] = flight = Begin(key, make);
            flight.Waiting++;
            flight.IsWanted |= keep;
        }

        try
        {
            return await flight.Task.WaitAsync(cancellation);
        }
        finally
        {
            Leave(key, flight);
        }
    }

    /// <summary>Lets go of some values. Those being made now are given to who waits, and not kept.</summary>
    public void Forget(Func<TKey, bool> which)
    {
        lock (_lock)
        {
            foreach (var node in _kept.Values.Where(n => which(n.Value.Key)).ToList()) Remove(node);
            foreach (var key in _flights.Keys.Where(which).ToList()) _flights.Remove(key);
        }
    }

    private Flight Begin(TKey key, Func<CancellationToken, Task<TValue?>> make)
    {
        Tally.AddMade();
        var flight = new Flight();
        // On the pool: the caller holds the lock, and others are to join while it runs.
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
            if (!flight.IsWanted || size + bytesPerKey > maxBytes || _flights.GetValueOrDefault(key) != flight) return; // the last: forgotten meanwhile
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
    }

    private void Leave(TKey key, Flight flight)
    {
        lock (_lock)
        {
            if (--flight.Waiting > 0 || flight.Task.IsCompleted) return;
            Close(key, flight); // whoever asks next begins anew
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

    /// <summary>What a kept value counts for, and how many keys have it.</summary>
    private sealed class Weight(long size)
    {
        public long Size => size;
        public int Keys { get; set; }
    }

    /// <summary>A value in the making. <see cref="Waiting"/> and <see cref="IsWanted"/> are guarded by the cache's lock.</summary>
    private sealed class Flight
    {
        public CancellationTokenSource Abandoned { get; } = new();
        public Task<TValue?> Task { get; set; } = System.Threading.Tasks.Task.FromResult<TValue?>(null);
        public int Waiting { get; set; }
        public bool IsWanted { get; set; }
    }
}
