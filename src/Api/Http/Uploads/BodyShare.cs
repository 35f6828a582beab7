using System.Runtime.InteropServices;
using Relo.Api.Http.Limits;
using Relo.Api.Http.Problems;

namespace Relo.Api.Http.Uploads;

/// <summary>The memory of one upload, as sent and unpacked. Not thread-safe.</summary>
internal sealed class BodyShare(MemoryBudget budget) : IDisposable
{
    private readonly MemoryShare _share = budget.Share(MemoryUse.Upload);

    /// <summary>
    /// The share of one request, empty at first. It is released when the response starts, because the result then exists and sending it
    /// may take long. Routes that still work on the upload while they respond release it when the request ends.
    /// </summary>
    public static BodyShare Of(HttpContext http)
    {
        var share = new BodyShare(http.RequestServices.GetRequiredService<MemoryBudget>());
        http.Response.RegisterForDispose(share);
        if (RequestTimes.IncludesAnswer(http)) return share;
        http.Response.OnStarting(() =>
        {
            http.Features.Set<ObjectBody>(null); // drops the last reference to the upload
            share.Dispose();
            return Task.CompletedTask;
        });
        return share;
    }

    /// <summary>An uninitialised array that counts towards the share; only the part that was read into may be used.</summary>
    /// <exception cref="RefusedException">The memory is exhausted, by other requests for now or by this request alone.</exception>
    public byte[] Array(long bytes)
    {
        _share.Take(bytes);
        return GC.AllocateUninitializedArray<byte>(checked((int)bytes));
    }

    /// <summary>
    /// Refuses a body of this length if there is no memory for it now. Nothing is taken, because the length is only a claim.
    /// </summary>
    /// <exception cref="RefusedException">As above.</exception>
    public void Check(long bytes) => _share.Check(bytes);

    /// <summary>Releases an array that is no longer referenced.</summary>
    public void Release(byte[] array) => _share.Release(array.Length);

    /// <summary>Releases all arrays except the one with these bytes.</summary>
    public void KeepOnly(ReadOnlyMemory<byte> bytes)
        => _share.Release(_share.HeldBytes - (MemoryMarshal.TryGetArray(bytes, out var array) && !bytes.IsEmpty ? array.Array!.Length : 0));

    /// <inheritdoc/>
    public void Dispose() => _share.Dispose();
}
