using Microsoft.Extensions.Options;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Limits;

/// <summary>
/// Limits the memory that reports hold while they are sent. A report is written line by line; until its end it holds the object and its
/// fixups, however slowly the client reads.
/// </summary>
internal sealed class ReportMemory(IOptions<LimitOptions> options)
{
    // At the minimum data rate, a client has received most reports by then.
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);

    private readonly long _most = options.Value.ReportMemoryBytes;
    private long _taken;

    /// <summary>Bytes held by all reports that are being sent.</summary>
    public long TakenBytes => Volatile.Read(ref _taken);

    /// <summary>Takes memory until the returned value is disposed.</summary>
    /// <param name="bytes">The approximate memory of the report.</param>
    /// <exception cref="RefusedException">The memory is exhausted, by other reports for now or by this one alone.</exception>
    public IDisposable Take(long bytes)
    {
        if (bytes > _most)
            throw new RefusedException(Problem.ReportTooLarge($"the report needs about {bytes} bytes of memory", _most, nameof(LimitOptions.ReportMemoryBytes)));
        if (Interlocked.Add(ref _taken, bytes) > _most)
        {
            Interlocked.Add(ref _taken, -bytes);
            throw new RefusedException(Problem.TooManyRequests(
                $"the reports that are being sent hold all of the {_most} bytes of memory that Limits:ReportMemoryBytes allows", ComeAgain));
        }
        return new Share(this, bytes);
    }

    private sealed class Share(ReportMemory memory, long bytes) : IDisposable
    {
        private int _isReturned;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isReturned, 1) == 0) Interlocked.Add(ref memory._taken, -bytes);
        }
    }
}
