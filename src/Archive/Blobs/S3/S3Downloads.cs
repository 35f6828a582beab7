using Relo.Archive.Faults;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs.S3;

/// <summary>Copies blobs from an S3-compatible store to the disk of this machine.</summary>
internal sealed class S3Downloads(S3Bucket bucket, S3Names names, LocalCopies copies) : IDisposable
{
    private readonly SharedFetches<Digest, bool> _fetches = new();

    /// <summary>Copies a blob to this machine; concurrent callers share one download.</summary>
    /// <returns>Whether there is such a blob.</returns>
    /// <exception cref="CorruptBlobException">Its bytes do not match its digest.</exception>
    public Task<bool> CopyHereAsync(Digest digest) => _fetches.GetAsync(digest, async stop =>
    {
        if (copies.Has(digest)) return true; // fetched after this caller looked
        try
        {
            return await DownloadAsync(digest, stop);
        }
        catch (Exception e) when (LocalCopies.IsOfDisk(e) && copies.MakeRoom())
        {
            return await DownloadAsync(digest, stop);
        }
    });

    /// <returns>Whether there is such a blob.</returns>
    private async Task<bool> DownloadAsync(Digest digest, CancellationToken stop)
    {
        Digest? found = null;
        await copies.WriteAsync(digest, async file =>
        {
            Stream Open(long size)
            {
                file.SetLength(0);
                file.Position = 0;
                return file;
            }

            found = await bucket.ReadAsync(names.KeyOf(digest, BlobPlace.Stored), Open, stop);
            if (found != digest || file.Length is 0 or > int.MaxValue) return false;
            file.Flush(flushToDisk: true); // its index relies on it
            return true;
        });
        return found is null || found == digest
            ? found is not null
            : throw new CorruptBlobException(names.NameOf(digest, BlobPlace.Stored), digest, found.Value);
    }

    public void Dispose() => _fetches.Dispose();
}
