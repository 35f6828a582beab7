using System.Text.Json.Serialization;

namespace Relo.Core.Diagnoses;

/// <summary>What to do about a finding.</summary>
/// <param name="Text">In words.</param>
/// <param name="Code">C code to write, if there is any: a draft, to be adapted to the program.</param>
public sealed record Remedy(string Text, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Code = null);
