using System.Collections.Concurrent;

namespace Relo.Archive.Upstream;

/// <summary>What the upstream was asked for in vain, for a while. Bounded: callers choose the names that get in here.</summary>
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

    /// <summary>What was found out, and when; null where nothing is known (any more).</summary>
    public string? Recall(string key)
    {
        if (!_misses.TryGetValue(key, out var miss)) return null;
        var age = Age(miss);
        if (Holds(miss)) return $"{miss.Reason} ({age.TotalSeconds:0} s ago; asked again in {(miss.ForLong - age).TotalSeconds:0} s)";
        _misses.TryRemove(KeyValuePair.Create(key, miss));
        return null;
    }

    // The outdated ones go; where that is not enough, so do all: asking again is cheap, and nobody fills this by honest use.
    private void MakeRoom()
    {
        foreach (var entry in _misses)
            if (!Holds(entry.Value)) _misses.TryRemove(entry);
        if (_misses.Count >= AtMost) _misses.Clear();
    }

    // Time as it passes, not as the clock says: that may be set back by years.
    private TimeSpan Age(Miss miss) => clock.GetElapsedTime(miss.Since);

    private bool Holds(Miss miss) => Age(miss) is var age && age >= TimeSpan.Zero && age < miss.ForLong;

    private sealed record Miss(string Reason, long Since, TimeSpan ForLong);
}
