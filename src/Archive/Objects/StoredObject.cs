using Relo.Core.Bytes;

namespace Relo.Archive.Objects;

/// <summary>A kept object.</summary>
/// <param name="Digest">Its digest.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="Tags">Its tags, the one that came last first.</param>
/// <param name="UploadedAt">When it came first, UTC.</param>
/// <param name="LastUsedAt">When it was used last, UTC; to the minute.</param>
public sealed record StoredObject(Digest Digest, long SizeBytes, IReadOnlyList<string> Tags, DateTimeOffset UploadedAt, DateTimeOffset LastUsedAt);

/// <summary>An object that was put.</summary>
/// <param name="Object">The object with all its tags.</param>
/// <param name="IsNew">Whether its bytes were not there before.</param>
public sealed record PutObject(StoredObject Object, bool IsNew);

/// <summary>Some objects of the list, the newest first.</summary>
/// <param name="Items">The objects.</param>
/// <param name="Next">Cursor of the next page; null at the end.</param>
public sealed record ObjectPage(IReadOnlyList<StoredObject> Items, string? Next);
