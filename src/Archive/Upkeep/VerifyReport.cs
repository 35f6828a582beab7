namespace Relo.Archive.Upkeep;

/// <summary>How the archive is.</summary>
/// <param name="Kernels">Kernels in the index.</param>
/// <param name="Modules">Modules of theirs.</param>
/// <param name="Btf">Different BTF among the kernels.</param>
/// <param name="Objects">Kept objects.</param>
/// <param name="Faults">What is wrong, each with the kernels or object it belongs to.</param>
/// <param name="Unused">BTF that no kernel and no module has: a killed import or upload leaves it, and the next of that kernel takes it up. No fault; pruning removes it.</param>
/// <param name="Quarantined">Damaged files that were set aside. No fault by themselves: what is not back yet is among <paramref name="Faults"/>. Pruning removes those that are.</param>
public sealed record VerifyReport(int Kernels, int Modules, int Btf, int Objects, IReadOnlyList<string> Faults, IReadOnlyList<UnusedBlob> Unused, IReadOnlyList<string> Quarantined);
