namespace Relo.Archive.Import;

/// <summary>What an import did.</summary>
/// <param name="Added">Kernels that are new here.</param>
/// <param name="Present">Kernels that were here with the same BTF.</param>
/// <param name="Rejected">Files that were not taken, by path.</param>
public sealed record ImportSummary(int Added, int Present, IReadOnlyList<RejectedFile> Rejected);

/// <summary>A file that was not taken.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Code">One of the codes of <see cref="Rejected"/>, <c>kernel-conflict</c>, or <c>unreadable-file</c>.</param>
/// <param name="Reason">In words.</param>
public sealed record RejectedFile(string Path, string Code, string Reason);

/// <summary>How far an import is.</summary>
/// <param name="Done">Files dealt with.</param>
/// <param name="Total">Files found.</param>
/// <param name="Path">The file dealt with last.</param>
/// <param name="Outcome">What became of it: <c>added</c>, <c>present</c>, <c>rejected</c>.</param>
public sealed record ImportProgress(int Done, int Total, string Path, string Outcome);
