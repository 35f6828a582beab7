namespace Relo.Archive.Upstream;

/// <summary>Limits the bandwidth of all downloads together.</summary>
/// <param name="bytesPerSecond">The limit; 0 = none.</param>
internal sealed class Pace(long bytesPerSecond)
{
    private readonly Lock _turn = new();
    private DateTime _free = DateTime.MinValue; // when the bytes so far are paid for

    /// <summary>Waits until these bytes fit into the limit.</summary>
    public Task WaitAsync(int bytes, CancellationToken ct)
    {
        if (bytesPerSecond <= 0) return Task.CompletedTask;
        TimeSpan wait;
        lock (_turn)
        {
            var now = DateTime.UtcNow;
            if (_free < now) _free = now;
            _free += TimeSpan.FromSeconds((double)bytes / bytesPerSecond);
            wait = _free - now;
        }

        return Task.Delay(wait, ct);
    }
}
