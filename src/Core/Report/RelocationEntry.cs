using System.Text.Json.Serialization;
using Relo.Core.Objects;
using Relo.Core.Relocation;

namespace Relo.Core.Report;

/// <summary>One CO-RE record and its result. <c>Module</c> is the kernel module of <c>Target</c>, null for the kernel itself.</summary>
public sealed record RelocationEntry(
    int Index,
    string Section,
    string? Program,
    int Instruction,
    string Kind,
    string Local,
    string? Target,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Module,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Candidates,
    RelocationEffect Outcome,
    string? Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Reachable,
    long? LocalValue,
    long? TargetValue,
    string Before,
    string After,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SourceLine? Source)
{
    /// <summary>The values of <see cref="Reason"/>.</summary>
    public static IReadOnlyList<string> Reasons { get; } =
        [.. Enum.GetValues<Miss>().Select(miss => Report.Reasons.Name(miss)).OfType<string>()];
}
