namespace Relo.Core.Diagnoses;

/// <summary>Other kernels, and whether they have what is missing. Those whose BTF cannot tell are in neither list.</summary>
/// <param name="Present">Kernels that have it.</param>
/// <param name="Absent">Kernels that do not.</param>
public sealed record Elsewhere(IReadOnlyList<string> Present, IReadOnlyList<string> Absent);
