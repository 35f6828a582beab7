using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Index;

namespace Relo.Archive.Objects;

/// <summary>
/// Retention ignores downtime and clock jumps. Times of last use come from the system clock, which jumps when it is set and keeps running
/// while the service is off or the machine sleeps: without a correction, all objects would expire at once.
/// <code>
/// clock     |--- an hour ---|--- ten years and an hour ---|      how far the clock is ahead of the
/// time      |--- an hour ---|--- an hour ---|                    elapsed time is added to each last use
/// </code>
/// </summary>
internal sealed class ObjectAges(
    IIndexEngine engine, ArchiveWriter writer, IOptions<ObjectOptions> options, TimeProvider clock, ILogger<ObjectAges> log)
{
    // A clock that NTP corrects never differs this much from the elapsed time.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private (DateTimeOffset Now, long At)? _last;

    /// <summary>
    /// Compares the clock with the time elapsed since the last comparison, and corrects the last uses. Call it before the first object is
    /// used and before objects are removed; calls must not overlap.
    /// </summary>
    public async Task PutRightAsync(CancellationToken ct)
    {
        var (now, at) = (clock.GetUtcNow(), clock.GetTimestamp());
        var ahead = _last is { } last ? now - last.Now - clock.GetElapsedTime(last.At, at) : await SinceLastRunAsync(now, ct);
        if (ahead.Duration() > Tolerance)
        {
            await MoveAsync(now, ahead, ct);
            log.LogWarning("The clock is {Ahead} ahead of the elapsed time; the retention of objects ignores the difference", ahead);
        }

        _last = (now, at); // only after a successful correction: otherwise the difference would be forgotten
    }

    // How long the process was off is unknown. It matters if the newest use is in the future, or so old that every object would be removed.
    private async Task<TimeSpan> SinceLastRunAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var reader = await ArchiveReader.OpenAsync(engine, ct);
        if (await reader.LastUseAsync(ct) is not { } newest) return TimeSpan.Zero;
        var unused = now - new DateTimeOffset(newest, TimeSpan.Zero);
        return unused > options.Value.Retention || unused < TimeSpan.Zero ? unused : TimeSpan.Zero;
    }

    // No use is later than now. If the clock was set back, nothing else needs a correction.
    private Task<int> MoveAsync(DateTimeOffset now, TimeSpan ahead, CancellationToken ct)
    {
        var (latest, by) = (now.UtcTicks, Math.Max(ahead.Ticks, 0));
        return writer.WriteAsync(
            db => db.Objects.ExecuteUpdateAsync(
                set => set.SetProperty(o => o.LastUsedAt, o => o.LastUsedAt > latest - by ? latest : o.LastUsedAt + by),
                CancellationToken.None),
            _ => { },
            ct);
    }
}
