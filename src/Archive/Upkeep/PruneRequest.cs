namespace Relo.Archive.Upkeep;

/// <summary>What to remove, besides BTF that no kernel has.</summary>
/// <param name="DryRun">Nothing: only say what would go.</param>
/// <param name="Upstream">Kernels that were fetched from the upstream archive; they come again when they are asked for.</param>
/// <param name="Objects">Kept objects without a tag; the addresses of their relocations cease until they are uploaded again.</param>
public sealed record PruneRequest(bool DryRun, bool Upstream, bool Objects);
