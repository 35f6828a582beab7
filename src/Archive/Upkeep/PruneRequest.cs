namespace Relo.Archive.Upkeep;

/// <summary>The data to remove besides BTF that no kernel uses.</summary>
/// <param name="DryRun">Remove nothing; only report what would be removed.</param>
/// <param name="Upstream">Kernels fetched from the upstream archive; they are fetched again on request.</param>
/// <param name="Objects">Stored objects without a tag; URLs of their relocations stop working until they are uploaded again.</param>
public sealed record PruneRequest(bool DryRun, bool Upstream, bool Objects);
