using Relo.Core.Bytes;

namespace Relo.Archive.Objects;

/// <summary>A kept object.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Tags">Its tags, the one that came last first.</param>
/// <param name="UploadedAt">When it came first, UTC.</param>
/// <param name="LastUsedAt">When it was used last, UTC; to the minute.</param>
public sealed record StoredObject(Digest Digest, long SizeBytes, IReadOnlyList<string> Tags, DateTimeOffset UploadedAt, DateTimeOffset LastUsedAt);
