namespace Relo.Archive.Import;

/// <summary>The result of an import.</summary>
/// <param name="Added">Number of new kernels.</param>
/// <param name="Present">Number of kernels that the archive already had with the same BTF.</param>
/// <param name="Rejected">Rejected files, by path.</param>
public sealed record ImportSummary(int Added, int Present, IReadOnlyList<RejectedFile> Rejected)
{
    /// <summary>Number of modules imported from separate files or a packed archive. Modules of packages are not counted.</summary>
    public int Modules { get; init; }

    /// <summary>Files and folders that were not read, by path.</summary>
    public IReadOnlyList<SkippedFile> Skipped { get; init; } = [];

    /// <summary>Parts of imported files that were left out, by path.</summary>
    public IReadOnlyList<SkippedFile> Notes { get; init; } = [];
}
