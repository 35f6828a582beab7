using Relo.Core.Bytes;

namespace Relo.Archive.Objects;

/// <summary>A stored object.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Tags">Its tags, newest first.</param>
/// <param name="UploadedAt">When it was first uploaded, UTC.</param>
/// <param name="LastUsedAt">When it was last used, UTC; accurate to the minute.</param>
public sealed record StoredObject(
    Digest Digest, long SizeBytes, IReadOnlyList<string> Tags, DateTimeOffset UploadedAt, DateTimeOffset LastUsedAt)
{
    /// <summary>
    /// Whether it comes from this process's cache and may be a second old: another process may have moved a tag since.
    /// </summary>
    public bool IsRemembered { get; init; }
}
