namespace Relo.Archive.Import;

/// <summary>The progress of an import.</summary>
/// <param name="Done">Number of files processed.</param>
/// <param name="Total">Number of files found.</param>
/// <param name="Path">The file processed last, or the folder of the modules.</param>
/// <param name="Outcome"><c>added</c>, <c>present</c> or <c>rejected</c>.</param>
public sealed record ImportProgress(int Done, int Total, string Path, string Outcome);
