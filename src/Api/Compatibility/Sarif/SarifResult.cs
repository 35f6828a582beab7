using System.Text.Json.Serialization;

namespace Relo.Api.Compatibility.Sarif;

/// <summary>One fault of the object, on one or more kernels.</summary>
/// <param name="RuleId">The rule.</param>
/// <param name="RuleIndex">Its index among the rules.</param>
/// <param name="Level"><c>error</c>, <c>warning</c> or <c>note</c>.</param>
/// <param name="Message">The message.</param>
/// <param name="Locations">Its place in the source; without line information the object itself.</param>
/// <param name="PartialFingerprints">Identifies the result even if lines move, so that a tool reports it once.</param>
/// <param name="Properties">The kernels and the reason.</param>
internal sealed record SarifResult(
    string RuleId, int RuleIndex, string Level, SarifText Message, IReadOnlyList<SarifLocation> Locations,
    SarifFingerprints PartialFingerprints, SarifReason Properties);

/// <summary>A fingerprint; its name has the version of the method.</summary>
internal sealed record SarifFingerprints([property: JsonPropertyName("access/v1")] string Access);

/// <summary>The reason and the kernels.</summary>
/// <param name="Reason">As in <c>missing</c>, or the code of the failure.</param>
/// <param name="Local">The access in the object's types.</param>
/// <param name="Program">The function that contains it.</param>
/// <param name="Kernels">Ids of the kernels. Enumerated on demand, because many results have the same kernels.</param>
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

/// <summary>A file: an absolute URI, or one relative to the folder in which the object was built.</summary>
internal sealed record SarifArtifactLocation(string Uri);

/// <summary>A line and the start column; both count from 1.</summary>
internal sealed record SarifRegion(
    int StartLine,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? StartColumn,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SarifText? Snippet);

/// <summary>A function.</summary>
internal sealed record SarifLogicalLocation(string Name, string Kind);
