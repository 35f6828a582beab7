using Relo.Archive.Kernels;

namespace Relo.Archive.Import;

/// <summary>What an import did.</summary>
/// <param name="Added">Kernels that are new here.</param>
/// <param name="Present">Kernels that were here with the same BTF.</param>
/// <param name="Rejected">Files that were not taken, by path.</param>
public sealed record ImportSummary(int Added, int Present, IReadOnlyList<RejectedFile> Rejected)
{
    /// <summary>Modules that lay in the folder by themselves and are in the archive now. Those of packages come with their kernel.</summary>
    public int Modules { get; init; }

    /// <summary>What was not read at all, by path.</summary>
    public IReadOnlyList<SkippedFile> Skipped { get; init; } = [];

    /// <summary>What files that were taken hold beside it and was left out, by path.</summary>
    public IReadOnlyList<SkippedFile> Notes { get; init; } = [];
}

/// <summary>A file that was not taken.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Code">One of the codes of <see cref="Rejected"/>, <c>kernel-conflict</c>, or <c>unreadable-file</c>.</param>
/// <param name="Reason">In words.</param>
public sealed record RejectedFile(string Path, string Code, string Reason);

/// <summary>A file, link or folder that was not read, or a part of a file.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Reason">In words; equal for equal reasons.</param>
public sealed record SkippedFile(string Path, string Reason);

/// <summary>How far an import is.</summary>
/// <param name="Done">Files dealt with.</param>
/// <param name="Total">Files found.</param>
/// <param name="Path">The file dealt with last, or the folder of the modules.</param>
/// <param name="Outcome"><c>added</c>, <c>present</c> or <c>rejected</c>.</param>
public sealed record ImportProgress(int Done, int Total, string Path, string Outcome);
