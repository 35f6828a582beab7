using System.Text.Json.Serialization;
using Relo.Core.Objects;
using Relo.Core.Relocation;

namespace Relo.Core;

/// <summary>libbpf would refuse to load the object against this kernel.</summary>
/// <param name="Index">Index of the record among all the object's CO-RE records, in <c>.BTF.ext</c> order.</param>
/// <param name="Message">The text that libbpf would log.</param>
/// <param name="Section">ELF section of the record's instruction.</param>
/// <param name="Program">Program of the record's instruction.</param>
/// <param name="Instruction">Index of the instruction within its section.</param>
/// <param name="Kind">Name of the record's kind (<c>field-byte-offset</c>, …).</param>
/// <param name="Local">The local spec as libbpf prints it, if it could be parsed.</param>
/// <param name="Source">The C source line of the instruction, if the object has line info.</param>
/// <param name="Hint">How to fix it, if libbpf's text does not say.</param>
public sealed record RelocationFailed(
    int Index, string Message, string Section, string? Program, int Instruction, string Kind, string? Local,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SourceLine? Source,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hint) : RelocationOutcome
{
    /// <summary>
    /// Whether every kernel with the same layouts fails alike. A message with the id of a type, or work beyond the budget, is of one
    /// kernel.
    /// </summary>
    internal bool IsOfLayouts => !Message.Contains(ResolutionError.OfCandidate, StringComparison.Ordinal)
        && !Message.Contains(ResolutionError.OutOfBudget.Message!, StringComparison.Ordinal);
}
