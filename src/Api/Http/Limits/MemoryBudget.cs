using Microsoft.Extensions.Options;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Limits;

/// <summary>
/// The one budget for the memory that requests hold: uploads, work on them, and responses that are being sent.
/// Uploads take at most half of it and responses at most half, so that neither blocks the other or the work for long.
/// Small requests may also use a reserve, so large ones never block them. A request that does not fit gets 429 instead of
/// waiting: a waiting request would hold its share, so waiting requests could deadlock.
/// </summary>
internal sealed class MemoryBudget(IOptions<LimitOptions> options)
{
    // The range of SmallBytes. Most real objects need less than its upper end for all their work.
    private const long SmallestBytes = 64 * 1024, LargestSmallBytes = 4 << 20;
    private const int SmallPart = 64, ReservePart = 8;

    // By then many of the other uploads and responses are complete; the server aborts those below the minimum data rate.
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly long _most = options.Value.MemoryBytes;
    private readonly Lock _lock = new();
    private readonly long[] _taken = new long[Enum.GetValues<MemoryUse>().Length];

    /// <summary>The largest small request.</summary>
    public long SmallBytes => Math.Clamp(_most / SmallPart, SmallestBytes, LargestSmallBytes);

    /// <summary>The maximum of one request.</summary>
    public long MostOfOne => _most - (_most / ReservePart);

    /// <summary>The number of bytes taken for this use.</summary>
    public long TakenFor(MemoryUse use)
    {
        lock (_lock) return _taken[(int)use];
    }

    /// <summary>A new, empty share.</summary>
    /// <param name="use">Its use.</param>
    /// <param name="besideBytes">The number of bytes that the request holds in another share.</param>
    public MemoryShare Share(MemoryUse use, long besideBytes = 0) => new(this, use, besideBytes);

    /// <summary>Takes bytes for a share.</summary>
    /// <param name="use">Their use.</param>
    /// <param name="heldBytes">The number of bytes that the share already holds.</param>
    /// <param name="bytes">The number of further bytes.</param>
    /// <param name="besideBytes">The number of bytes that the request holds in another share.</param>
    /// <exception cref="RefusedException">Not available now: <c>too-many-requests</c>; or more than one request may take.</exception>
    public void Take(MemoryUse use, long heldBytes, long bytes, long besideBytes)
    {
        lock (_lock)
        {
            Check(use, heldBytes, bytes, besideBytes);
            _taken[(int)use] += bytes;
        }
    }

    /// <summary>Checks whether bytes are available, without taking them.</summary>
    /// <exception cref="RefusedException">As above.</exception>
    public void Check(MemoryUse use, long heldBytes, long bytes, long besideBytes)
    {
        var request = heldBytes + bytes;
        if (request + besideBytes > MostOfOne) throw TooLarge(use, request);
        lock (_lock)
        {
            var all = _taken.Sum();
            var fits = request <= SmallBytes
                ? all + bytes <= _most
                : all + bytes <= MostOfOne
                    && (use == MemoryUse.Work || _taken[(int)use] == heldBytes || _taken[(int)use] + bytes <= _most / 2);
            if (!fits) throw Full(use, bytes, all);
        }
    }

    /// <summary>Releases bytes.</summary>
    public void Release(MemoryUse use, long bytes)
    {
        lock (_lock) _taken[(int)use] -= bytes;
    }

    private RefusedException Full(MemoryUse use, long bytes, long all) => new(Problem.TooManyRequests(
        $"{NameOf(use)} needs {bytes} more bytes of memory; all requests together hold {all} of the {_most} bytes that "
            + $"Limits:{nameof(LimitOptions.MemoryBytes)} allows", RetryAfter));

    private RefusedException TooLarge(MemoryUse use, long bytes) => new(use == MemoryUse.Answer
        ? Problem.ReportTooLarge($"the report needs about {bytes} bytes of memory", MostOfOne, nameof(LimitOptions.MemoryBytes))
        : Problem.BodyTooLarge($"the memory that {NameOf(use)} needs, about {bytes} bytes,", MostOfOne, nameof(LimitOptions.MemoryBytes)));

    private static string NameOf(MemoryUse use) => use switch
    {
        MemoryUse.Upload => "the upload",
        MemoryUse.Work => "the work on this object",
        MemoryUse.Answer => "the response",
        _ => throw new ArgumentOutOfRangeException(nameof(use), use, null),
    };
}
