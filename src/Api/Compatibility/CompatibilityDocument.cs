using System.Text.Json.Serialization;
using Relo.Api.Relocations;

namespace Relo.Api.Compatibility;

/// <summary>The results of an object on many kernels.</summary>
/// <param name="Object">The object as uploaded.</param>
/// <param name="Kernels">The number of kernels checked.</param>
/// <param name="Verdicts">The number of kernels by verdict.</param>
/// <param name="Groups">Kernels with exactly the same result; the worst first, then the largest.</param>
/// <param name="PerKernel">
/// Why each kernel was checked separately, which takes longer. Absent if kernels with the same layouts of what the object reads were
/// checked once.
/// </param>
internal sealed record CompatibilityDocument(
    ObjectSection Object, int Kernels, VerdictCounts Verdicts, IReadOnlyList<CompatibilityGroup> Groups,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PerKernel);
