using System.Collections.Concurrent;
using Relo.Archive.Index;

namespace Relo.Archive.Objects;

/// <summary>
/// The rows of objects that were asked for within the last second, so that a fleet that asks for one object asks the database once a second.
/// What this process writes is seen at once, since it forgets all; what another process does to the same archive is seen a second later.
/// </summary>
internal sealed class RecentObjects(TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(1);
    private const int MaxKept = 10_000;

    private readonly ConcurrentDictionary<ObjectRef, Seen> _seen = new();
    private long _version;

    /// <summary>Differs whenever this process changed which objects there are, or what their tags are.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The row, where it was read within the last second.</summary>
    public ObjectRow? Find(ObjectRef reference) =>
        _seen.TryGetValue(reference, out var seen) && IsFresh(seen) ? seen.Row : null;

    /// <summary>Remembers a row. All callers share one instance, so that a use recorded by one is seen by those that read the row earlier.</summary>
    /// <param name="reference">How it was asked for.</param>
    /// <param name="row">The row; of it only the time of the last use changes.</param>
    /// <param name="version">The <see cref="Version"/> before it was read: if it differs now, the row may be an old one.</param>
    /// <returns>The row that is remembered: that of another one who read it as well, where there is one.</returns>
    public ObjectRow Keep(ObjectRef reference, ObjectRow row, long version)
    {
        if (version != Version) return row;
        if (_seen.Count >= MaxKept) _seen.Clear();
        var seen = new Seen(row, version, clock.GetTimestamp());
        return _seen.AddOrUpdate(reference, seen, (_, other) => IsFresh(other) ? other : seen).Row;
    }

    /// <summary>Forgets all of it.</summary>
    public void Forget()
    {
        Interlocked.Increment(ref _version);
        _seen.Clear();
    }

    private bool IsFresh(Seen seen) =>
        seen.Version == Version && clock.GetElapsedTime(seen.At) is var age && age >= TimeSpan.Zero && age < Life;

    private sealed record Seen(ObjectRow Row, long Version, long At);
}
