using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Relo.Archive.Faults;

namespace Relo.Archive.Blobs.S3;

/// <summary>Uploads one large object in parts. Nothing appears under its key before the last request.</summary>
internal sealed class S3Upload(IAmazonS3 client, string bucket, string key, S3Options options)
{
    private const int MostAtOnce = 4;

    /// <summary>Uploads the object; a failed upload is aborted, so that its parts are not charged for.</summary>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="isNew">Whether an object with this key must not be replaced.</param>
    /// <param name="ct">Cancels.</param>
    public async Task RunAsync(ReadOnlyMemory<byte> bytes, bool isNew, CancellationToken ct)
    {
        var begin = new InitiateMultipartUploadRequest
        {
            BucketName = bucket,
            Key = key,
            ContentType = "application/octet-stream",
            ChecksumAlgorithm = ChecksumAlgorithm.SHA256,
            ServerSideEncryptionMethod = S3Bucket.Encryption(options),
            ServerSideEncryptionKeyManagementServiceKeyId = S3Bucket.KmsKeyId(options),
        };
        var upload = (await CallAsync(stop => client.InitiateMultipartUploadAsync(begin, stop), ct)).UploadId;
        try
        {
            var parts = await SendPartsAsync(upload, bytes, ct);
            var end = new CompleteMultipartUploadRequest
            {
                BucketName = bucket,
                Key = key,
                UploadId = upload,
                PartETags = parts,
                IfNoneMatch = isNew ? "*" : null
            };
            await CallAsync(stop => client.CompleteMultipartUploadAsync(end, stop), ct);
        }
        catch
        {
            await AbortAsync(upload);
            throw;
        }
    }

    private async Task<List<PartETag>> SendPartsAsync(string upload, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        var size = (int)options.PartBytes;
        var parts = new PartETag[(bytes.Length - 1) / size + 1];
        var parallel = new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = MostAtOnce };
        await Parallel.ForAsync(0, parts.Length, parallel, async (i, stop) =>
        {
            var part = bytes.Slice(i * size, Math.Min(size, bytes.Length - i * size));
            var checksum = Convert.ToBase64String(SHA256.HashData(part.Span));
            var sent = await CallAsync(
                token => client.UploadPartAsync(
                    new()
                    {
                        BucketName = bucket,
                        Key = key,
                        UploadId = upload,
                        PartNumber = i + 1,
                        PartSize = part.Length,
                        InputStream = new BytesStream(part),
                        ChecksumSHA256 = checksum,
                        UseChunkEncoding = false,
                        IsLastPart = i == parts.Length - 1,
                    },
                    token),
                stop);
            parts[i] = new() { PartNumber = i + 1, ETag = sent.ETag, ChecksumSHA256 = sent.ChecksumSHA256 };
        });
        return [.. parts];
    }

    private async Task AbortAsync(string upload)
    {
        try
        {
            var abort = new AbortMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = upload };
            await CallAsync(stop => client.AbortMultipartUploadAsync(abort, stop), CancellationToken.None);
        }
        catch (BlobStoreException)
        {
            // The store is unreachable or has aborted it; a lifecycle rule of the bucket removes what remains. The first failure is thrown.
        }
    }

    private Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken ct) =>
        S3Call.RunAsync(request, options.Timeout, ct);
}
