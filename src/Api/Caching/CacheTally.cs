namespace Relo.Api.Caching;

/// <summary>Counters of a cache, since the start.</summary>
internal sealed class CacheTally
{
    private long _hits;
    private long _joined;
    private long _made;
    private long _evicted;
    private long _count;
    private long _bytes;

    /// <summary>Hits.</summary>
    public long Hits => Interlocked.Read(ref _hits);

    /// <summary>Requests that joined a computation in progress.</summary>
    public long Joined => Interlocked.Read(ref _joined);

    /// <summary>Computations started.</summary>
    public long Made => Interlocked.Read(ref _made);

    /// <summary>Values evicted.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>Values kept.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Bytes kept.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public void AddHit() => Interlocked.Increment(ref _hits);

    public void AddJoined() => Interlocked.Increment(ref _joined);

    public void AddMade() => Interlocked.Increment(ref _made);

    public void AddEvicted() => Interlocked.Increment(ref _evicted);

    public void AddKept(int count, long bytes)
    {
        Interlocked.Add(ref _count, count);
        Interlocked.Add(ref _bytes, bytes);
    }
}
