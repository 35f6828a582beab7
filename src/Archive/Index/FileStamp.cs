namespace Relo.Archive.Index;

/// <summary>What a file looked like when it was imported.</summary>
internal readonly record struct FileStamp(long SizeBytes, long ModifiedAt);
