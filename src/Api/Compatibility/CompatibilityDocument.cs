using System.Text.Json.Serialization;
using Relo.Api.Relocations;

namespace Relo.Api.Compatibility;

/// <summary>An object against many kernels.</summary>
/// <param name="Object">The object as it came.</param>
/// <param name="Kernels">How many kernels were asked.</param>
/// <param name="Verdicts">On how many of them it came out how.</param>
/// <param name="Groups">Kernels on which exactly the same comes of it; the worst first, then the largest.</param>
internal sealed record CompatibilityDocument(ObjectSection Object, int Kernels, VerdictCounts Verdicts, IReadOnlyList<CompatibilityGroup> Groups);
