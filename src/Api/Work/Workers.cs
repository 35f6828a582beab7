namespace Relo.Api.Work;

/// <summary>Limits the concurrent pieces of work of one request.</summary>
/// <param name="most">The maximum number of concurrent pieces.</param>
internal sealed class Workers(int most) : IDisposable
{
    private readonly SemaphoreSlim _free = new(most);

    /// <summary>Runs a piece of work as soon as a worker is free.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            _free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
