using System.Text.Json.Serialization;
using Relo.Core.Objects;

namespace Relo.Core.Contents;

/// <summary>A CO-RE record of the object, before it is resolved on a kernel.</summary>
/// <param name="Index">Its index among all records.</param>
/// <param name="Section">ELF section of its instruction.</param>
/// <param name="Program">Program of its instruction; null if it is in none.</param>
/// <param name="Instruction">Index of the instruction within the section.</param>
/// <param name="Kind">Its kind: <c>field-byte-offset</c>, …</param>
/// <param name="Local">Its access, in the object's own types.</param>
/// <param name="Source">The C source line, if there is one.</param>
public sealed record RecordSummary(
    int Index, string Section, string? Program, long Instruction, string Kind, string Local,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SourceLine? Source);
