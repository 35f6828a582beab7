namespace Relo.Archive.Upstream;

/// <summary>Limits the bandwidth of all downloads together.</summary>
/// <param name="bytesPerSecond">The limit; 0 = none.</param>
/// <param name="clock">The clock, of which only elapsed time counts: it may be set back.</param>
internal sealed class Pace(long bytesPerSecond, TimeProvider clock)
{
    private readonly Lock _turn = new();
    private readonly long _start = clock.GetTimestamp();
    private TimeSpan _free; // when the bytes so far fit into the limit, from the start

    /// <summary>Waits until these bytes fit into the limit.</summary>
    public Task WaitAsync(int bytes, CancellationToken ct)
    {
        if (bytesPerSecond <= 0) return Task.CompletedTask;
        TimeSpan wait;
        lock (_turn)
        {
            var now = clock.GetElapsedTime(_start);
            if (_free < now) _free = now;
            _free += TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
            wait = _free - now;
        }

        return Task.Delay(wait, ct);
    }
}
