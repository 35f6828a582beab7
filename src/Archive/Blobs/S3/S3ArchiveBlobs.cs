using Microsoft.Extensions.Logging;

namespace Relo.Archive.Blobs.S3;

/// <summary>Opens the blobs of an archive in an S3-compatible store: both kinds in one bucket, through one client.</summary>
internal static class S3ArchiveBlobs
{
    public static ArchiveBlobs Open(S3Address address, S3Options options, DiskCache cache, ILogger log)
    {
        var bucket = new S3Bucket(address.Bucket, options);
        var btf = new LocalCopies(cache, "btf"); // of raw and of unpacked BTF: the same bytes
        return new(
            new(new S3Blobs(bucket, new(address, "btf"), btf, log),
                new S3Blobs(bucket, new(address, "packed"), new(cache, "packed"), log, PackedBlob.NameOf), btf),
            new S3Blobs(bucket, new(address, "objects"), new(cache, "objects"), log),
            bucket);
    }
}
