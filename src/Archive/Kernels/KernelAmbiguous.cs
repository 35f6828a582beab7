namespace Relo.Archive.Kernels;

/// <summary>Several kernels with different BTF.</summary>
/// <param name="Candidates">All of them, by id.</param>
/// <param name="Explanation">Each step that was tried.</param>
public sealed record KernelAmbiguous(IReadOnlyList<Kernel> Candidates, IReadOnlyList<string> Explanation) : KernelResolution(Explanation);
