using Relo.Core.Bytes;

namespace Relo.Archive.Blobs.S3;

/// <summary>The keys of the blobs of one kind in a bucket, and their names in messages.</summary>
/// <param name="Address">The bucket and the prefix of our keys.</param>
/// <param name="Kind"><c>btf</c>, <c>packed</c> or <c>objects</c>.</param>
internal sealed record S3Names(S3Address Address, string Kind)
{
    public string PrefixOf(BlobPlace place) => Address.Prefix + place switch
    {
        BlobPlace.Quarantined => $"quarantine/{Kind}/",
        BlobPlace.Orphaned => $"orphans/{Kind}/",
        _ => $"{Kind}/",
    };

    public string KeyOf(Digest digest, BlobPlace place) => PrefixOf(place) + digest.Hex;

    public string NameOf(BlobPlace place) => $"s3://{Address.Bucket}/{PrefixOf(place)}".TrimEnd('/');

    public string NameOf(Digest digest, BlobPlace place) => $"s3://{Address.Bucket}/{KeyOf(digest, place)}";
}
