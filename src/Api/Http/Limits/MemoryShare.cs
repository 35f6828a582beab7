using Relo.Core.Objects;
using Relo.Core.Report;

namespace Relo.Api.Http.Limits;

/// <summary>A part of <see cref="MemoryBudget"/>, held until it is disposed. Thread-safe.</summary>
internal sealed class MemoryShare(MemoryBudget budget, MemoryUse use, long besideBytes) : IDisposable
{
    private readonly Lock _lock = new();
    private long _held;
    private bool _isDisposed;

    /// <summary>The number of bytes held.</summary>
    public long HeldBytes => Volatile.Read(ref _held);

    /// <summary>A share for work, empty at first, that a request holds until its answer is sent.</summary>
    public static MemoryShare OfRequest(HttpContext http)
    {
        var share = http.RequestServices.GetRequiredService<MemoryBudget>().Share(MemoryUse.Work);
        http.Response.RegisterForDispose(share);
        return share;
    }

    /// <summary>Takes bytes.</summary>
    /// <exception cref="Problems.RefusedException">Not available now, or more than one request may take.</exception>
    /// <exception cref="ObjectDisposedException">Everything was released: nothing would release these bytes.</exception>
    public MemoryShare Take(long bytes)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            budget.Take(use, _held, bytes, besideBytes);
            _held += bytes;
        }

        return this;
    }

    /// <summary>Checks whether bytes are available, without taking them.</summary>
    /// <exception cref="Problems.RefusedException">As above.</exception>
    public void Check(long bytes) => budget.Check(use, _held, bytes, besideBytes);

    /// <summary>Takes the memory that an object holds after it was read.</summary>
    /// <exception cref="Problems.RefusedException">As above.</exception>
    public BpfObject Hold(BpfObject bpf)
    {
        Take(MemoryNeed.ToKeep(bpf));
        return bpf;
    }

    /// <summary>Releases bytes.</summary>
    public void Release(long bytes)
    {
        lock (_lock)
        {
            _held -= bytes;
            budget.Release(use, bytes);
        }
    }

    /// <summary>Releases all.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Release(_held);
        }
    }
}
