using System.Diagnostics;

namespace Relo.Archive.Upstream;

/// <summary>The time limit of one download with its retries. Stands still while the download waits for the bandwidth.</summary>
internal sealed class DownloadTimer : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationTokenSource _stop;
    private TimeSpan _left;
    private long _since;

    /// <param name="limit">The time limit.</param>
    /// <param name="ct">Cancels too.</param>
    public DownloadTimer(TimeSpan limit, CancellationToken ct)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_over.Token, ct);
        _left = limit;
        Run();
    }

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Whether the time is over.</summary>
    public bool IsOver => _over.IsCancellationRequested;

    /// <summary>Waits for something that does not count.</summary>
    public async Task StandStillAsync(Task wait)
    {
        _over.CancelAfter(Timeout.InfiniteTimeSpan);
        _left -= Stopwatch.GetElapsedTime(_since);
        await wait;
        Run();
    }

    public void Dispose()
    {
        _stop.Dispose();
        _over.Dispose();
    }

    private void Run()
    {
        _since = Stopwatch.GetTimestamp();
        _over.CancelAfter(_left > TimeSpan.Zero ? _left : TimeSpan.Zero);
    }
}
