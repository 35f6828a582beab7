using Microsoft.Extensions.Options;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Uploads;

/// <summary>
/// Limits the disk space of all kernel files that are being uploaded or read. A request that does not fit gets 429 instead of waiting: a
/// waiting request would hold its share, so waiting requests could deadlock.
/// </summary>
internal sealed class KernelFileSpace(IOptions<LimitOptions> options)
{
    // By then many of the other uploads are complete; the server aborts those below the minimum data rate.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly long _most = options.Value.KernelUploadBytes;
    private long _taken;

    /// <summary>The number of bytes taken.</summary>
    public long TakenBytes => Volatile.Read(ref _taken);

    /// <summary>Takes bytes.</summary>
    /// <exception cref="RefusedException">Fewer bytes are available: <c>too-many-requests</c>.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= _most) return;
        Release(bytes);
        throw Full();
    }

    /// <summary>Checks whether bytes are available, without taking them.</summary>
    /// <exception cref="RefusedException">Fewer bytes are available: <c>too-many-requests</c>.</exception>
    public void Check(long bytes)
    {
        if (TakenBytes + bytes > _most) throw Full();
    }

    /// <summary>Releases bytes.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _taken, -bytes);

    private RefusedException Full() => new(Problem.TooManyRequests(
        $"all kernel files together would need more than the {_most} bytes that Limits:{nameof(LimitOptions.KernelUploadBytes)} allows",
        RetryAfter));
}
