using Relo.Core.Bytes;

namespace Relo.Archive.Faults;

/// <summary>
/// A stored file is damaged or missing and could not be restored. Only this kernel or object is affected; uploading the same bytes again
/// repairs it.
/// </summary>
public sealed class BlobLostException(Digest digest, string message) : Exception(message)
{
    /// <summary>The digest of the lost bytes.</summary>
    public Digest Digest { get; } = digest;
}
