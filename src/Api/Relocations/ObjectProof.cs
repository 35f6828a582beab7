using System.Text.Json.Serialization;
using Relo.Core.Bytes;
using Relo.Core.Reachability;

namespace Relo.Api.Relocations;

/// <summary>The result of an object on a neighbour of the requested kernel.</summary>
/// <param name="Side"><c>older</c> or <c>newer</c> than the requested kernel.</param>
/// <param name="Patched">Digest of the relocated object.</param>
/// <param name="Verdict">The verdict of the relocation.</param>
/// <param name="Failure">The message that libbpf would log if it cannot be relocated.</param>
/// <param name="SameResultAs">Ids of the neighbours on which it relocates to the same bytes.</param>
internal sealed record ObjectProof(
    string Side,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Digest? Patched,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Verdict? Verdict,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Failure,
    IReadOnlyList<string> SameResultAs);
