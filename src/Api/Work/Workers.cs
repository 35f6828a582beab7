namespace Relo.Api.Work;

/// <summary>Limits how much of one request is worked on at the same time.</summary>
/// <param name="most">How many pieces.</param>
internal sealed class Workers(int most) : IDisposable
{
    private readonly SemaphoreSlim _free = new(most);

    /// <summary>Works on a piece when a worker is free.</summary>
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
