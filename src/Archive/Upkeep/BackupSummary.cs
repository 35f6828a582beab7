namespace Relo.Archive.Upkeep;

/// <summary>The contents of a backup.</summary>
/// <param name="Kernels">Kernels.</param>
/// <param name="Objects">Stored objects.</param>
/// <param name="Files">Files of BTF and objects.</param>
/// <param name="Bytes">Total size of those files.</param>
/// <param name="Copied">Files copied by this run.</param>
/// <param name="Faults">Files that a row names but that are missing or damaged.</param>
public sealed record BackupSummary(int Kernels, int Objects, int Files, long Bytes, int Copied, IReadOnlyList<string> Faults);
