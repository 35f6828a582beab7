namespace Relo.Archive.Blobs;

/// <summary>The store of blobs does not answer, or refuses.</summary>
/// <param name="reason">In words without addresses, because clients read them.</param>
/// <param name="cause">What the store's client reported.</param>
public sealed class BlobStoreException(string reason, Exception? cause = null) : IOException(reason, cause)
{
    /// <summary>Whether only other settings or permissions can help, so that a start fails.</summary>
    public bool IsLasting { get; init; }
}
