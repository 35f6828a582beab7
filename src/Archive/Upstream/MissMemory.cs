using System.Collections.Concurrent;

namespace Relo.Archive.Upstream;

/// <summary>Remembers failed upstream requests for a while. Bounded, because callers choose the names.</summary>
internal sealed class MissMemory(TimeProvider clock)
{
    private const int AtMost = 10_000;

    private readonly ConcurrentDictionary<string, Miss> _misses = new(StringComparer.Ordinal);

    public int Count => _misses.Count;

    public void Remember(string key, string reason, TimeSpan forLong)
    {
        if (forLong <= TimeSpan.Zero) return;
        if (_misses.Count >= AtMost) MakeRoom();
        _misses[key] = new(reason, clock.GetTimestamp(), forLong);
    }

    /// <summary>The remembered reason, with its age; null if none is remembered.</summary>
    public string? Recall(string key)
    {
        if (!_misses.TryGetValue(key, out var miss)) return null;
        var age = Age(miss);
        if (Holds(miss)) return $"{miss.Reason} ({age.TotalSeconds:0} s ago; next request in {(miss.ForLong - age).TotalSeconds:0} s)";
        _misses.TryRemove(KeyValuePair.Create(key, miss));
        return null;
    }

    // Drops expired entries, or all if that does not free enough: asking again is cheap, and normal use never fills this.
    private void MakeRoom()
    {
        foreach (var entry in _misses)
            if (!Holds(entry.Value)) _misses.TryRemove(entry);
        if (_misses.Count >= AtMost) _misses.Clear();
    }

    // Uses elapsed time: the clock may be set back by years.
    private TimeSpan Age(Miss miss) => clock.GetElapsedTime(miss.Since);

    private bool Holds(Miss miss) => Age(miss) is var age && age >= TimeSpan.Zero && age < miss.ForLong;

    private sealed record Miss(string Reason, long Since, TimeSpan ForLong);
}
