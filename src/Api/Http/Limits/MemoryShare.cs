namespace Relo.Api.Http.Limits;

/// <summary>A part of <see cref="MemoryBudget"/>, held until it is disposed. Not thread-safe.</summary>
internal sealed class MemoryShare(MemoryBudget budget, MemoryUse use, long besideBytes) : IDisposable
{
    private long _held;

    /// <summary>The number of bytes held.</summary>
    public long HeldBytes => _held;

    /// <summary>Takes bytes.</summary>
    /// <exception cref="Problems.RefusedException">They are not left, or one request never gets that many.</exception>
    public MemoryShare Take(long bytes)
    {
        budget.Take(use, _held, bytes, besideBytes);
        _held += bytes;
        return this;
    }

    /// <summary>Releases bytes.</summary>
    public void Release(long bytes)
    {
        _held -= bytes;
        budget.Release(use, bytes);
    }

    /// <summary>Releases all.</summary>
    public void Dispose() => Release(_held);
}
