namespace Relo.Archive.Upkeep;

/// <summary>What was removed, or would be.</summary>
/// <param name="Kernels">Kernels.</param>
/// <param name="Btf">BTF that no kernel has, or has any more.</param>
/// <param name="Objects">Objects.</param>
/// <param name="Bytes">Bytes on the disk, those of indexes of BTF that is gone and of damaged files that were replaced included.</param>
public sealed record PruneSummary(int Kernels, int Btf, int Objects, long Bytes);
