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
        var now = clock.GetUtcNow();
        _misses[key] = new(reason, now, now + forLong);
    }

    /// <summary>What was found out, and when; null where nothing is known (any more).</summary>
    public string? Recall(string key)
    {
        if (!_misses.TryGetValue(key, out var miss)) return null;
        var now = clock.GetUtcNow();
        if (now < miss.Until) return $"{miss.Reason} ({(now - miss.Since).TotalSeconds:0} s ago; asked again in {(miss.Until - now).TotalSeconds:0} s)";
        _misses.TryRemove(KeyValuePair.Create(key, miss));
        return null;
    }

    // The outdated ones go; where that is not enough, so do all: asking again is cheap, and nobody fills this by honest use.
    private void MakeRoom()
    {
        var now = clock.GetUtcNow();
        foreach (var entry in _misses)
            if (entry.Value.Until <= now) _misses.TryRemove(entry);
        if (_misses.Count >= AtMost) _misses.Clear();
    }

    private sealed record Miss(string Reason, DateTimeOffset Since, DateTimeOffset Until);
}
