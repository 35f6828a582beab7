namespace Relo.Archive.Kernels;

/// <summary>
/// The archive's kernels just before and after a missing one, of its architecture and flavour, and of its distribution if known.
/// </summary>
/// <param name="Older">The next older one.</param>
/// <param name="Newer">The next newer one.</param>
public sealed record Neighbours(Kernel? Older, Kernel? Newer);
