using Microsoft.Extensions.Logging;
using Relo.Archive.Blobs.S3;

namespace Relo.Archive.Blobs;

/// <summary>The stored blobs by kind.</summary>
/// <param name="Btf">Raw BTF of kernels and modules.</param>
/// <param name="Objects">Uploaded objects.</param>
internal sealed record ArchiveBlobs(IBlobStore Btf, IBlobStore Objects) : IDisposable
{
    private S3Bucket? _bucket;

    /// <summary>Blobs in files under a folder.</summary>
    public static ArchiveBlobs InFiles(string root) => new(new FileBlobs(root, "btf"), new FileBlobs(root, "objects"));

    /// <summary>Blobs in an S3-compatible store.</summary>
    public static ArchiveBlobs InS3(S3Address address, S3Options options, DiskCache cache, ILogger log)
    {
        var bucket = new S3Bucket(address.Bucket, options);
        return new(
            new S3Blobs(bucket, address, "btf", new(cache, "btf"), log),
            new S3Blobs(bucket, address, "objects", new(cache, "objects"), log)) { _bucket = bucket };
    }

    /// <inheritdoc/>
    public void Dispose() => _bucket?.Dispose();
}
