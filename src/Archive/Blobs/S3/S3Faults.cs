using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Relo.Archive.Faults;

namespace Relo.Archive.Blobs.S3;

/// <summary>Explains a failed request to the store, without keys, addresses or signatures.</summary>
internal static class S3Faults
{
    private const string Store = "the blob store";

    /// <summary>The fault that an exception of the S3 client reports; null if the exception is a bug in Relo.</summary>
    public static BlobStoreException? Of(Exception exception) => exception switch
    {
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => Lasting($"{Store} has no such bucket", exception),
        AmazonServiceException { StatusCode: HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized } refused =>
            Lasting($"{Store} refuses access ({Code(refused)})", exception),
        AmazonServiceException { StatusCode: HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect } =>
            Lasting($"{Store} has the bucket in another region", exception),
        AmazonServiceException { StatusCode: HttpStatusCode.BadRequest } bad =>
            Lasting($"{Store} rejects requests ({Code(bad)})", exception),
        AmazonServiceException { StatusCode: 0 } => new($"{Store} cannot be reached", exception),
        AmazonServiceException other => new($"{Store} responds with {(int)other.StatusCode} ({Code(other)})", exception),
        // No region, no credentials: found before anything is sent.
        AmazonClientException when exception.InnerException is HttpRequestException => new($"{Store} cannot be reached", exception),
        AmazonClientException => Lasting($"{Store} cannot be used without credentials and a region", exception),
        OperationCanceledException or TimeoutException => new($"{Store} does not respond in time", exception),
        HttpRequestException => new($"{Store} cannot be reached", exception),
        IOException => new($"{Store}'s response ended early", exception),
        _ when IsOddHash(exception) => new($"{Store} responds with an ETag that is not a hash", exception),
        _ => null,
    };

    public static bool IsMissing(Exception exception) =>
        exception is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound, ErrorCode: not "NoSuchBucket" };

    /// <summary>
    /// Whether the client could not read an ETag as the hash of the object. A store may send such an ETag while the object is being
    /// written.
    /// </summary>
    public static bool IsOddHash(Exception exception) =>
        exception is ArgumentException { Source: { } source } && source.StartsWith("AWSSDK", StringComparison.Ordinal);

    private static BlobStoreException Lasting(string reason, Exception cause) => new(reason, cause) { IsLasting = true };

    private static string Code(AmazonServiceException exception) =>
        string.IsNullOrEmpty(exception.ErrorCode) ? exception.StatusCode.ToString() : exception.ErrorCode;
}
