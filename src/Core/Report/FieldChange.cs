using System.Text.Json.Serialization;
using Relo.Core.Proposals;

namespace Relo.Core.Report;

/// <summary>A field (or type, or enumerator) that differs between object and kernel; each once.</summary>
public sealed record FieldChange(
    string Type,
    string? Field,
    string AccessPath,
    string Change,
    long? LocalOffsetBytes,
    long? TargetOffsetBytes,
    long? LocalSizeBytes,
    long? TargetSizeBytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? LocalBitOffset,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? TargetBitOffset,
    string? TargetType,
    IReadOnlyList<int> Uses)
{
    /// <summary>The values of <see cref="Change"/>.</summary>
    public static IReadOnlyList<string> Words { get; } =
        ["moved", "resized", "moved-and-resized", "signedness", "value-changed", "missing", "incompatible"];

    /// <summary>
    /// What the kernel may have instead of a missing field or enumerator: a guess from the two layouts. Absent if nothing suggests one.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FieldProposal? Proposal { get; init; }
}
