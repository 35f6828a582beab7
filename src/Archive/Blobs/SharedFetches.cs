using System.Collections.Concurrent;

namespace Relo.Archive.Blobs;

/// <summary>
/// The fetches in progress, by key. Concurrent callers share one; a caller that stops waiting does not stop it for the others.
/// </summary>
internal sealed class SharedFetches<TKey, T> : IDisposable
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<T>>> _running = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop; // outlives the source, for a fetch that starts while the service stops

    public SharedFetches() => _stop = _stopping.Token;

    /// <summary>The result of the fetch in progress, or of a new one.</summary>
    /// <param name="key">What is fetched.</param>
    /// <param name="fetch">Fetches it; its token is cancelled when the service stops.</param>
    public Task<T> GetAsync(TKey key, Func<CancellationToken, Task<T>> fetch) =>
        _running.GetOrAdd(key, _ => new(() => Task.Run(() => RunAsync(key, fetch)))).Value;

    /// <summary>Cancels the fetches in progress and waits until they have ended: they use the store and the database.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        foreach (var fetch in _running.Values) ((IAsyncResult)fetch.Value).AsyncWaitHandle.WaitOne();
        _stopping.Dispose();
    }

    private async Task<T> RunAsync(TKey key, Func<CancellationToken, Task<T>> fetch)
    {
        try
        {
            return await fetch(_stop);
        }
        finally
        {
            _running.TryRemove(key, out _);
        }
    }
}
