using System.Text.Json.Serialization;
using Relo.Core.Bytes;
using Relo.Core.Reachability;

namespace Relo.Api.Relocations;

/// <summary>What became of an object on a neighbour of the kernel that was asked for.</summary>
/// <param name="Side"><c>older</c> or <c>newer</c> than the kernel asked for.</param>
/// <param name="Patched">Digest of the relocated object.</param>
/// <param name="Verdict">The verdict of the relocation.</param>
/// <param name="Failure">Where it cannot be relocated, the text libbpf would log.</param>
/// <param name="SameResultAs">Ids of the neighbours on which it relocates to the very same bytes.</param>
internal sealed record ObjectProof(
    string Side,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Digest? Patched,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Verdict? Verdict,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Failure,
    IReadOnlyList<string> SameResultAs);
