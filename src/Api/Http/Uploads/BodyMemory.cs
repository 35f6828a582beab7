using Microsoft.Extensions.Options;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Uploads;

/// <summary>
/// How much of uploads is in memory at the same time. Each has its own limit; but for one of all together, so many clients would only have to come at once. Whoever
/// does not fit is told to come again instead of waiting: what waits has its part in memory already, and none of those that wait could go on.
/// </summary>
internal sealed class BodyMemory(IOptions<LimitOptions> options)
{
    // What fills it are uploads that arrive; one that keeps the least rate is through by then, or given up.
    private static readonly TimeSpan ComeAgain = TimeSpan.FromSeconds(5);

    private readonly long _most = options.Value.BodyBytes;
    private long _taken;

    /// <summary>How many there are for all.</summary>
    public long MostBytes => _most;

    /// <summary>How many bytes are taken.</summary>
    public long TakenBytes => Volatile.Read(ref _taken);

    /// <summary>The part of one request, empty at first; what it has taken is given back when the answer is through.</summary>
    public static BodyShare Of(HttpContext http)
    {
        var share = new BodyShare(http.RequestServices.GetRequiredService<BodyMemory>());
        http.Response.RegisterForDispose(share);
        return share;
    }

    /// <summary>Takes this many bytes.</summary>
    /// <exception cref="RefusedException">Fewer are left: <c>too-many-requests</c>.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= _most) return;
        GiveBack(bytes);
        throw new RefusedException(Problem.TooManyRequests($"uploads at the same time would need more than the {_most} bytes of memory that Limits:BodyBytes allows", ComeAgain));
    }

    /// <summary>Gives them back.</summary>
    public void GiveBack(long bytes) => Interlocked.Add(ref _taken, -bytes);
}

/// <summary>What one request has taken of the memory for uploads. For one thread at a time.</summary>
internal sealed class BodyShare(BodyMemory memory) : IDisposable
{
    private long _taken;

    /// <summary>An array that counts; with whatever was there before, so only what was read into it is to be looked at.</summary>
    /// <exception cref="RefusedException">Too much is taken: by others for now, or by this request alone.</exception>
    public byte[] Array(long bytes)
    {
        if (_taken + bytes > memory.MostBytes) throw new RefusedException(Problem.BodyTooLarge("what the upload needs in memory", memory.MostBytes, nameof(LimitOptions.BodyBytes)));
        memory.Take(bytes);
        _taken += bytes;
        return GC.AllocateUninitializedArray<byte>(checked((int)bytes));
    }

    /// <summary>Gives one back that nobody has any more.</summary>
    public void GiveBack(byte[] array)
    {
        memory.GiveBack(array.Length);
        _taken -= array.Length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        memory.GiveBack(_taken);
        _taken = 0;
    }
}
