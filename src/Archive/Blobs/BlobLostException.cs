using Relo.Core.Bytes;

namespace Relo.Archive.Blobs;

/// <summary>
/// What the archive should have is damaged or missing, and could not be had again. Only this kernel or object is concerned: putting the same bytes in again is
/// all it takes.
/// </summary>
public sealed class BlobLostException(Digest digest, string message) : Exception(message)
{
    /// <summary>The digest of the bytes that are lost.</summary>
    public Digest Digest { get; } = digest;
}
