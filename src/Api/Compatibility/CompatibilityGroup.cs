using System.Text.Json.Serialization;
using Relo.Core.Bytes;
using Relo.Core.Checks;
using Relo.Core.Compatibility;
using Relo.Core.Report;

namespace Relo.Api.Compatibility;

/// <summary>Kernels on which the object has the same result.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Patched">Digest of the object to load; null if the verdict is <c>failed</c>.</param>
/// <param name="Kernels">Their ids, in the order of the list of kernels.</param>
/// <param name="Missing">The accesses that do not exist on them, each once.</param>
/// <param name="FieldChanges">The differences between the object's types and theirs, as in the report of a relocation.</param>
/// <param name="Checks">What else the object needs of them that is absent or changed there.</param>
/// <param name="Failure">The reason why there is no verdict.</param>
internal sealed record CompatibilityGroup(
    KernelVerdict Verdict,
    Digest? Patched,
    IReadOnlyList<string> Kernels,
    IReadOnlyList<MissingAccess> Missing,
    IReadOnlyList<FieldChange> FieldChanges,
    IReadOnlyList<Check> Checks,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] KernelFailure? Failure)
{
    /// <summary>What may have replaced the accesses that do not exist on them.</summary>
    [JsonIgnore]
    public ProposalTexts Proposals => field ??= new(FieldChanges);

    /// <summary>What the object needs to load and they lack.</summary>
    [JsonIgnore]
    public IEnumerable<Check> Lacking => Checks.Where(check => check.IsLacking);
}
