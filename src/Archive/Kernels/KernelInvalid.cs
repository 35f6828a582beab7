namespace Relo.Archive.Kernels;

/// <summary>The text is not a kernel identifier.</summary>
/// <param name="Detail">What was found and what was expected.</param>
/// <param name="Explanation">Each step that was tried.</param>
public sealed record KernelInvalid(string Detail, IReadOnlyList<string> Explanation) : KernelResolution(Explanation);
