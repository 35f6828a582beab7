using Microsoft.Extensions.Options;
using Relo.Api.Http.Limits;

namespace Relo.Api.Kernels;

/// <summary>
/// Unpacks at most <c>Limits:KernelFiles</c> kernel files concurrently, because each may need as much memory as the largest BTF. The
/// other files wait on disk.
/// </summary>
internal sealed class KernelFileTurns(IOptions<LimitOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(options.Value.KernelFiles);

    /// <summary>Waits for a turn and reads.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> read, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        try
        {
            return await read();
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();
}
