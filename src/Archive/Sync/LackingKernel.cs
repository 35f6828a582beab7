namespace Relo.Archive.Sync;

/// <summary>A kernel that a source lists and the archive does not have.</summary>
/// <param name="Release"><c>uname -r</c>.</param>
/// <param name="Source">The source that lists it.</param>
/// <param name="Path">Its file there.</param>
/// <param name="Reason">Why it could not be fetched or used; absent if that was not tried.</param>
/// <param name="TriedAt">When that was tried.</param>
public sealed record LackingKernel(string Release, string Source, string Path, string? Reason, DateTimeOffset? TriedAt);
