namespace Relo.Archive.Export;

/// <summary>Progress of an export.</summary>
/// <param name="Done">Kernels processed.</param>
/// <param name="Total">Kernels in the archive.</param>
/// <param name="Kernel">The kernel processed last.</param>
/// <param name="Outcome">Its result: <c>written</c>, <c>present</c>, <c>failed</c>.</param>
public sealed record ExportProgress(int Done, int Total, string Kernel, string Outcome);
