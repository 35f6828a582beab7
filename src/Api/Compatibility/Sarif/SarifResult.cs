using System.Text.Json.Serialization;

namespace Relo.Api.Compatibility.Sarif;

/// <summary>One thing that is wrong with the object, on however many kernels.</summary>
/// <param name="RuleId">The rule.</param>
/// <param name="RuleIndex">Its place among the rules.</param>
/// <param name="Level"><c>error</c> or <c>note</c>.</param>
/// <param name="Message">In words.</param>
/// <param name="Locations">Where it is in the source; without line information the object itself.</param>
/// <param name="PartialFingerprints">What stays the same when lines move, so that a reviewer is told once.</param>
/// <param name="Properties">On which kernels, and why.</param>
internal sealed record SarifResult(
    string RuleId, int RuleIndex, string Level, SarifText Message, IReadOnlyList<SarifLocation> Locations, SarifFingerprints PartialFingerprints, SarifReason Properties);

/// <summary>A fingerprint and the version of how it is made.</summary>
internal sealed record SarifFingerprints([property: JsonPropertyName("access/v1")] string Access);

/// <summary>Why, and on which kernels.</summary>
/// <param name="Reason">As in <c>missing</c>, or the code of the failure.</param>
/// <param name="Local">The access in the object's types.</param>
/// <param name="Program">The function it is in.</param>
/// <param name="Kernels">Ids of the kernels. Not a list of its own: many results have the same kernels.</param>
internal sealed record SarifReason(
    string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Local,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Program,
    IEnumerable<string> Kernels);

/// <summary>A place.</summary>
internal sealed record SarifLocation(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SarifPhysicalLocation? PhysicalLocation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SarifLogicalLocation>? LogicalLocations);

/// <summary>A place in a file.</summary>
internal sealed record SarifPhysicalLocation(
    SarifArtifactLocation ArtifactLocation,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SarifRegion? Region);

/// <summary>A file: an absolute URI, or one relative to wherever the object was built.</summary>
internal sealed record SarifArtifactLocation(string Uri);

/// <summary>A line, and the column at which something begins in it; both from 1.</summary>
internal sealed record SarifRegion(
    int StartLine,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? StartColumn,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SarifText? Snippet);

/// <summary>A function.</summary>
internal sealed record SarifLogicalLocation(string Name, string Kind);
