using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relo.Archive.Index;

namespace Relo.Archive.Objects;

/// <summary>
/// Sees to it that objects grow old only by time in which somebody could have used them. Their last uses are times of the system's clock, which jumps where it is set
/// and goes on while the service is off or the machine sleeps: by that alone all of them would be too old at once.
/// <code>
/// clock     |--- an hour ---|--- ten years and an hour ---|      what the clock is ahead of the time
/// time      |--- an hour ---|--- an hour ---|                    that passed is added to each last use
/// </code>
/// </summary>
internal sealed class ObjectAges(ArchiveDatabase database, ArchiveWriter writer, IOptions<ObjectOptions> options, TimeProvider clock, ILogger<ObjectAges> log)
{
    // A clock that is kept right by NTP is never so far off the time that passes.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private (DateTimeOffset Now, long At)? _last;

    /// <summary>Compares the clock with the time that passed since it was compared last, and puts the last uses right. Before the first object is used, and before objects are removed; by one at a time.</summary>
    public async Task PutRightAsync(CancellationToken ct)
    {
        var (now, at) = (clock.GetUtcNow(), clock.GetTimestamp());
        var ahead = _last is { } last ? now - last.Now - clock.GetElapsedTime(last.At, at) : await SinceLastRunAsync(now, ct);
        if (ahead.Duration() > Tolerance)
        {
            await MoveAsync(now, ahead, ct);
            log.LogWarning("The clock is {Ahead} ahead of the time in which objects could be used: their retention counts without it", ahead);
        }

        _last = (now, at); // not where moving failed: what it is ahead must not be forgotten
    }

    // How long a process was off is not known. It matters where the last use of all was in it, or so long ago that each object would have to go.
    private async Task<TimeSpan> SinceLastRunAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var reader = await database.ReadAsync(ct);
        if (await reader.LastUseAsync(ct) is not { } newest) return TimeSpan.Zero;
        var unused = now - new DateTimeOffset(newest, TimeSpan.Zero);
        return unused > options.Value.Retention || unused < TimeSpan.Zero ? unused : TimeSpan.Zero;
    }

    // Nothing was used later than now. Where the clock went back, that is all that has to be put right.
    private Task<int> MoveAsync(DateTimeOffset now, TimeSpan ahead, CancellationToken ct)
    {
        var (latest, by) = (now.UtcTicks, Math.Max(ahead.Ticks, 0));
        return writer.WriteAsync(
            db => db.Objects.ExecuteUpdateAsync(set => set.SetProperty(o => o.LastUsedAt, o => o.LastUsedAt > latest - by ? latest : o.LastUsedAt + by), CancellationToken.None), _ => { }, ct);
    }
}
