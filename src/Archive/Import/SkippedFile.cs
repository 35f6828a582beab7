namespace Relo.Archive.Import;

/// <summary>A file, link or folder that was not read, or a part of a file.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Reason">Why, for people; equal for equal reasons.</param>
public sealed record SkippedFile(string Path, string Reason);
