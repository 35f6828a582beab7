namespace Relo.Archive.Export;

/// <summary>The result of an export.</summary>
/// <param name="Written">Files that are new or whose kernel was replaced.</param>
/// <param name="Present">Files that were up to date.</param>
/// <param name="Failed">Kernels that could not be written, by id.</param>
public sealed record ExportSummary(int Written, int Present, IReadOnlyList<FailedExport> Failed);
