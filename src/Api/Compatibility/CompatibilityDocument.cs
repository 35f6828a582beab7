using System.Text.Json.Serialization;
using Relo.Api.Relocations;
using Relo.Core.Bytes;
using Relo.Core.Compatibility;
using Relo.Core.Report;

namespace Relo.Api.Compatibility;

/// <summary>An object against many kernels.</summary>
/// <param name="Object">The object as it came.</param>
/// <param name="Kernels">How many kernels were asked.</param>
/// <param name="Verdicts">On how many of them it came out how.</param>
/// <param name="Groups">Kernels on which exactly the same comes of it; the worst first, then the largest.</param>
internal sealed record CompatibilityDocument(ObjectSection Object, int Kernels, VerdictCounts Verdicts, IReadOnlyList<CompatibilityGroup> Groups);

/// <summary>Numbers of kernels.</summary>
/// <param name="Ok">Every access has its place.</param>
/// <param name="Guarded">Some have not, and can never be reached.</param>
/// <param name="Broken">One that can be reached has not.</param>
/// <param name="Failed">libbpf would refuse the object, or the kernel's BTF could not be read.</param>
internal sealed record VerdictCounts(int Ok, int Guarded, int Broken, int Failed);

/// <summary>Kernels on which the same comes of the object.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Patched">Digest of the object to load; null where the verdict is <c>failed</c>.</param>
/// <param name="Kernels">Their ids, in the order of the list of kernels.</param>
/// <param name="Missing">Accesses that have no place on them, each once.</param>
/// <param name="FieldChanges">What differs between the object's types and theirs, as in the report of a relocation.</param>
/// <param name="Failure">Why there is no verdict.</param>
internal sealed record CompatibilityGroup(
    KernelVerdict Verdict,
    Digest? Patched,
    IReadOnlyList<string> Kernels,
    IReadOnlyList<MissingAccess> Missing,
    IReadOnlyList<FieldChange> FieldChanges,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] KernelFailure? Failure);
