using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Relo.Archive.Faults;
using Relo.Core.Bytes;

namespace Relo.Archive.Blobs.S3;

/// <summary>The requests that we send to an S3-compatible store. Every failure is a <see cref="BlobStoreException"/>.</summary>
internal sealed class S3Bucket : IDisposable
{
    private const int PieceBytes = 128 << 10;
    private const int BodyAttempts = 3;

    // The time for another node to finish writing an object.
    private static readonly TimeSpan WriterPause = TimeSpan.FromMilliseconds(100);

    private readonly string _bucket;
    private readonly S3Options _options;
    private readonly Lazy<AmazonS3Client> _client;

    public S3Bucket(string bucket, S3Options options)
    {
        (_bucket, _options) = (bucket, options);
        _client = new(() => new(Configuration(options)), LazyThreadSafetyMode.PublicationOnly); // a failure is not cached
    }

    /// <summary>Size, checksum and version of an object; null if there is none.</summary>
    public async Task<S3Entry?> FindAsync(string key, CancellationToken ct)
    {
        var request = new GetObjectMetadataRequest { BucketName = _bucket, Key = key, ChecksumMode = ChecksumMode.ENABLED };
        var found = await AskOrNullAsync(stop => _client.Value.GetObjectMetadataAsync(request, stop), ct);
        return found is null
            ? null
            : new(found.ContentLength, found.ETag, found.ChecksumType == ChecksumType.COMPOSITE ? null : found.ChecksumSHA256);
    }

    /// <summary>Reads an object.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="open">The stream that receives it, of its size; called again if the connection breaks. The caller owns the
    /// stream.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>The digest of its bytes; null if there is none.</returns>
    public async Task<Digest?> ReadAsync(string key, Func<long, Stream> open, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var request = new GetObjectRequest { BucketName = _bucket, Key = key };
            var isAnswered = false;
            try
            {
                using var response = await AskOrNullAsync(stop => _client.Value.GetObjectAsync(request, stop), ct);
                if (response is null) return null;
                isAnswered = true;
                return await CopyAsync(response, open(response.ContentLength), ct);
            }
            catch (BlobStoreException e) when (attempt < BodyAttempts && e.InnerException is { } cause && S3Faults.IsOddHash(cause))
            {
                await Task.Delay(WriterPause, ct);
            }
            catch (BlobStoreException) when (isAnswered && attempt < BodyAttempts)
            {
                // The client retries requests, but not reading a response.
            }
        }
    }

    /// <summary>Writes an object, in parts if it is large.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="digest">Their digest, which the store checks.</param>
    /// <param name="isNew">Whether an object with this key must not be replaced; a store that does not know the condition ignores
    /// it.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>False if there is one and it must not be replaced.</returns>
    public async Task<bool> WriteAsync(string key, ReadOnlyMemory<byte> bytes, Digest digest, bool isNew, CancellationToken ct)
    {
        try
        {
            if (bytes.Length > _options.PartBytes)
                await new S3Upload(_client.Value, _bucket, key, _options).RunAsync(bytes, isNew, ct);
            else
                await AskAsync(stop => _client.Value.PutObjectAsync(PutOf(key, bytes, digest, isNew), stop), ct);
            return true;
        }
        catch (BlobStoreException e) when (isNew && e.InnerException is AmazonS3Exception refused)
        {
            if (refused.StatusCode == HttpStatusCode.PreconditionFailed) return false;
            // 409: another writer was deleting or writing it just now; 501: the store does not implement the condition.
            if (refused.StatusCode is not (HttpStatusCode.Conflict or HttpStatusCode.NotImplemented)) throw;
        }

        return await WriteAsync(key, bytes, digest, isNew: false, ct); // the same bytes: harmless
    }

    /// <summary>Deletes an object, if it exists and has this version.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="version">Its ETag; null for any.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>False if it has another version.</returns>
    public async Task<bool> DeleteAsync(string key, string? version, CancellationToken ct)
    {
        try
        {
            var request = new DeleteObjectRequest { BucketName = _bucket, Key = key, IfMatch = version };
            await AskOrNullAsync(stop => _client.Value.DeleteObjectAsync(request, stop), ct);
            return true;
        }
        catch (BlobStoreException e) when (e.InnerException is AmazonS3Exception { StatusCode: HttpStatusCode.PreconditionFailed })
        {
            return false;
        }
    }

    /// <summary>All objects whose keys begin with a prefix.</summary>
    public async IAsyncEnumerable<(string Key, long SizeBytes)> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken ct)
    {
        string? next = null;
        do
        {
            var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = prefix, ContinuationToken = next };
            var page = await AskAsync(stop => _client.Value.ListObjectsV2Async(request, stop), ct);
            foreach (var entry in page.S3Objects ?? []) yield return (entry.Key, entry.Size ?? 0);
            next = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (next is not null);
    }

    /// <summary>The cheapest request that shows whether the bucket can be read.</summary>
    public Task ProbeAsync(string prefix, CancellationToken ct) => AskAsync(
        stop => _client.Value.ListObjectsV2Async(new() { BucketName = _bucket, Prefix = prefix, MaxKeys = 1 }, stop), ct);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_client.IsValueCreated) _client.Value.Dispose();
    }

    /// <summary>The encryption in the settings; null for the bucket's default.</summary>
    internal static ServerSideEncryptionMethod? Encryption(S3Options options)
        => options.Encryption is { Length: > 0 } method ? new(method) : null;

    /// <summary>The encryption key that the settings name; null for none.</summary>
    internal static string? KmsKeyId(S3Options options) => options.KmsKeyId is { Length: > 0 } key ? key : null;

    private static AmazonS3Config Configuration(S3Options options)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle,
            Timeout = options.Timeout / 3,
            MaxErrorRetry = options.Retries,
            RetryMode = RequestRetryMode.Standard,
            // We send and check SHA-256 ourselves; many stores do not know the checksums that the client would add.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Profile.Length > 0) config.Profile = new(options.Profile);
        if (options.Endpoint.Length > 0)
            (config.ServiceURL, config.AuthenticationRegion) =
                (options.Endpoint, options.Region.Length > 0 ? options.Region : RegionEndpoint.USEast1.SystemName);
        else if (options.Region.Length > 0)
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        return config;
    }

    private PutObjectRequest PutOf(string key, ReadOnlyMemory<byte> bytes, Digest digest, bool isNew) => new()
    {
        BucketName = _bucket,
        Key = key,
        InputStream = new BytesStream(bytes),
        ContentType = "application/octet-stream",
        ChecksumSHA256 = Convert.ToBase64String(Convert.FromHexString(digest.Hex)),
        IfNoneMatch = isNew ? "*" : null,
        UseChunkEncoding = false, // some stores keep the framing as part of the object
        ServerSideEncryptionMethod = Encryption(_options),
        ServerSideEncryptionKeyManagementServiceKeyId = KmsKeyId(_options),
    };

    private async Task<Digest> CopyAsync(GetObjectResponse response, Stream to, CancellationToken ct)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var expected = response.ContentLength;
        try
        {
            while (await ReadPieceAsync(response.ResponseStream, piece, ct) is > 0 and var read)
            {
                if ((expected -= read) < 0) throw new BlobStoreException("the blob store sent more bytes than it announced");
                hash.AppendData(piece, 0, read);
                await to.WriteAsync(piece.AsMemory(0, read), ct);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        if (expected > 0) throw new BlobStoreException("the blob store's response ended early");
        return Digest.FromHash(hash.GetHashAndReset());
    }

    // Only the store's faults are translated here; those of the disk that receives the bytes are not the store's.
    private Task<int> ReadPieceAsync(Stream from, byte[] piece, CancellationToken ct) =>
        S3Call.RunAsync(async stop => await from.ReadAsync(piece, stop), _options.Timeout / 3, ct);

    private Task<T?> AskOrNullAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken ct)
        where T : class => S3Call.RunOrNullAsync(request, _options.Timeout, ct);

    private Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken ct) =>
        S3Call.RunAsync(request, _options.Timeout, ct);
}
