namespace Relo.Archive.Upkeep;

/// <summary>The removed data; in a dry run, the data that would be removed.</summary>
/// <param name="Kernels">Kernels.</param>
/// <param name="Btf">BTF that no kernel uses, or that none will use after the removal.</param>
/// <param name="Objects">Objects.</param>
/// <param name="Bytes">Bytes on disk, including indexes of removed BTF and damaged files that were replaced.</param>
public sealed record PruneSummary(int Kernels, int Btf, int Objects, long Bytes);
