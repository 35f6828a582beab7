namespace Relo.Archive.Upkeep;

/// <summary>What a backup has.</summary>
/// <param name="Kernels">Kernels.</param>
/// <param name="Objects">Kept objects.</param>
/// <param name="Files">Files of BTF and objects.</param>
/// <param name="Bytes">Bytes of them.</param>
/// <param name="Copied">Files that were not there before.</param>
/// <param name="Faults">What a row names and is not there, or not what it was.</param>
public sealed record BackupSummary(int Kernels, int Objects, int Files, long Bytes, int Copied, IReadOnlyList<string> Faults);
