namespace Relo.Archive.Objects;

/// <summary>Counts of objects since the start, for metrics. Totals are as of the last change by this process.</summary>
internal sealed class ObjectTally
{
    private long _added;
    private long _unused;
    private long _forRoom;
    private long _deleted;
    private long _count;
    private long _bytes;

    /// <summary>New objects added.</summary>
    public long Added => Interlocked.Read(ref _added);

    /// <summary>Objects removed because they were unused for long.</summary>
    public long RemovedUnused => Interlocked.Read(ref _unused);

    /// <summary>Objects removed to make room.</summary>
    public long RemovedForRoom => Interlocked.Read(ref _forRoom);

    /// <summary>Objects deleted by clients.</summary>
    public long Deleted => Interlocked.Read(ref _deleted);

    /// <summary>Number of stored objects.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Total bytes of stored objects.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    internal void AddAdded() => Interlocked.Increment(ref _added);

    internal void AddUnused(int count) => Interlocked.Add(ref _unused, count);

    internal void AddForRoom(int count) => Interlocked.Add(ref _forRoom, count);

    internal void AddDeleted() => Interlocked.Increment(ref _deleted);

    internal void Is(long count, long bytes)
    {
        Interlocked.Exchange(ref _count, count);
        Interlocked.Exchange(ref _bytes, bytes);
    }
}
