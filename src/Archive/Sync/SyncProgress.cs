namespace Relo.Archive.Sync;

/// <summary>The progress of a sync.</summary>
/// <param name="Done">Number of kernels processed.</param>
/// <param name="Total">Number of kernels to process.</param>
/// <param name="Kernel">The kernel processed last, as the source names it.</param>
/// <param name="Outcome"><c>added</c>, <c>would fetch</c>, <c>refused</c> or <c>failed</c>.</param>
/// <param name="Detail">The id in the archive, the path in the source, or the reason.</param>
public sealed record SyncProgress(int Done, int Total, string Kernel, string Outcome, string Detail);
