using Relo.Archive.Kernels;

namespace Relo.Archive.Import;

/// <summary>A rejected file.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Code">One of the codes of <see cref="Rejected"/>, <c>kernel-conflict</c>, or <c>unreadable-file</c>.</param>
/// <param name="Reason">Why, for people.</param>
public sealed record RejectedFile(string Path, string Code, string Reason);
