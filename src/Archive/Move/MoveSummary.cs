namespace Relo.Archive.Move;

/// <summary>What a move has copied.</summary>
/// <param name="Kernels">Kernels, new or with new modules.</param>
/// <param name="Objects">Objects.</param>
/// <param name="Blobs">Blobs that the target did not have.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Faults">Data that could not be copied; running it again copies repaired data.</param>
public sealed record MoveSummary(int Kernels, int Objects, int Blobs, long Bytes, IReadOnlyList<string> Faults);
