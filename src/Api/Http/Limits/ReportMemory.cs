using Microsoft.Extensions.Options;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Limits;

/// <summary>
/// Limits the memory that reports hold while they are sent. A report is printed line by line, so it holds the object and its fixups, however
/// slowly the client reads.
/// </summary>
internal sealed class ReportMemory(IOptions<LimitOptions> options)
{
    // A client that keeps the minimum data rate has most reports by then.
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);

    private readonly long _most = options.Value.ReportMemoryBytes;
    private long _taken;

    /// <summary>Bytes held by all reports that are being sent.</summary>
    public long TakenBytes => Volatile.Read(ref _taken);

    /// <summary>Takes memory until it is disposed.</summary>
    /// <param name="bytes">About what a report holds.</param>
    /// <exception cref="RefusedException">Too much is taken: by others for now, or by this report alone.</exception>
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
