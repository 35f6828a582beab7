using System.Collections.Concurrent;
using Relo.Archive.Index;

namespace Relo.Archive.Objects;

/// <summary>
/// The rows of objects requested within the last second, so that a fleet requesting one object causes one database query per second.
/// Writes by this process are visible at once, because they clear this cache; writes by other processes are visible after a second.
/// </summary>
internal sealed class RecentObjects(TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(1);
    private const int MaxKept = 10_000;

    private readonly ConcurrentDictionary<ObjectRef, Seen> _seen = new();
    private long _version;

    /// <summary>Changes whenever this process adds or removes objects or changes their tags.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The row, if it was read within the last second.</summary>
    public ObjectRow? Find(ObjectRef reference) =>
        _seen.TryGetValue(reference, out var seen) && IsFresh(seen) ? seen.Row : null;

    /// <summary>
    /// Remembers a row. All callers share one instance, so that a use recorded by one is seen by those that read the row earlier.
    /// </summary>
    /// <param name="reference">How the caller named it.</param>
    /// <param name="row">The row; only its time of last use changes.</param>
    /// <param name="version">The <see cref="Version"/> before the row was read: if it has changed, the row may be outdated.</param>
    /// <param name="isCurrent">Whether it replaces what was remembered.</param>
    /// <returns>The remembered row: if another caller stored one first, that one.</returns>
    public ObjectRow Keep(ObjectRef reference, ObjectRow row, long version, bool isCurrent = false)
    {
        if (version != Version) return row;
        if (_seen.Count >= MaxKept) _seen.Clear();
        var seen = new Seen(row, version, clock.GetTimestamp());
        return _seen.AddOrUpdate(reference, seen, (_, other) => !isCurrent && IsFresh(other) ? other : seen).Row;
    }

    /// <summary>Clears the cache.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _version);
        _seen.Clear();
    }

    private bool IsFresh(Seen seen) =>
        seen.Version == Version && clock.GetElapsedTime(seen.At) is var age && age >= TimeSpan.Zero && age < Life;

    private sealed record Seen(ObjectRow Row, long Version, long At);
}
