namespace Relo.Archive.Index;

/// <summary>Size and time of a file when it was imported.</summary>
internal readonly record struct FileStamp(long SizeBytes, long ModifiedAt);
