namespace Relo.Archive.Faults;

/// <summary>The store of blobs does not respond, or refuses a request.</summary>
/// <param name="reason">The reason, without addresses, because clients read it.</param>
/// <param name="cause">The exception of the store's client.</param>
public sealed class BlobStoreException(string reason, Exception? cause = null) : IOException(reason, cause)
{
    /// <summary>Whether only other settings or permissions can help, so that a start fails.</summary>
    public bool IsLasting { get; init; }
}
