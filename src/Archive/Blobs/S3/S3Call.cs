using Relo.Archive.Faults;

namespace Relo.Archive.Blobs.S3;

/// <summary>Sends requests with a time limit and turns their failures into <see cref="BlobStoreException"/>.</summary>
internal static class S3Call
{
    public static async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> request, TimeSpan limit, CancellationToken ct)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limited.CancelAfter(limit);
        try
        {
            return await request(limited.Token);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is not BlobStoreException && S3Faults.Of(e) is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>The same; null if there is no such object.</summary>
    public static async Task<T?> RunOrNullAsync<T>(Func<CancellationToken, Task<T>> request, TimeSpan limit, CancellationToken ct)
        where T : class
    {
        try
        {
            return await RunAsync(request, limit, ct);
        }
        catch (BlobStoreException e) when (e.InnerException is { } cause && S3Faults.IsMissing(cause))
        {
            return null;
        }
    }
}
