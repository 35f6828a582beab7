using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relo.Archive.Faults;
using Relo.Archive.Index;

namespace Relo.Archive.Objects;

/// <summary>Records when objects were last used.</summary>
internal sealed class ObjectUses(ArchiveWriter writer, TimeProvider clock, ILogger<ObjectUses> log)
{
    // Not every read needs a write; the order of two uses within a minute does not matter.
    private static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);
    private const int MaxTouched = 10_000;

    private readonly ConcurrentDictionary<string, long> _touched = new(StringComparer.Ordinal);

    /// <summary>Records a use now, unless one was recorded within the last minute.</summary>
    public async Task RecordAsync(ObjectRow row, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcTicks;
        if (now >= row.LastUsedAt && now - row.LastUsedAt < TouchEvery.Ticks)
            return; // a time in the future is from before the clock was set back
        // Of a thousand concurrent callers that read the old time, one writes the new one. Uses elapsed time, because the clock may be
        // set back.
        var at = clock.GetTimestamp();
        if (_touched.Count > MaxTouched) _touched.Clear();
        var isNoted = _touched.TryGetValue(row.Digest, out var last)
            ? clock.GetElapsedTime(last, at) < TouchEvery || !_touched.TryUpdate(row.Digest, at, last)
            : !_touched.TryAdd(row.Digest, at);
        if (isNoted) return;
        try
        {
            await writer.WriteAsync(
                db => db.Objects.Where(o => o.Digest == row.Digest).ExecuteUpdateAsync(set => set.SetProperty(o => o.LastUsedAt, now)),
                _ => row.LastUsedAt = now,
                ct);
        }
        catch (Exception e) when (StorageFault.Of(e) is { } fault)
        {
            // The object can be sent although nothing can be written; its next use after a minute retries.
            log.LogWarning("The use of object {Object} could not be recorded: {Reason}", row.Digest, fault.Reason);
        }
    }
}
