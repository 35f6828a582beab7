using System.Text.Json.Serialization;
using Relo.Api.Http.Problems;
using Relo.Core.Objects;

namespace Relo.Api.Compatibility;

/// <summary>The reason why there is no verdict on a kernel.</summary>
/// <param name="Code">Code of the problem that a relocation for this kernel alone would return.</param>
/// <param name="Detail">What happened; for <c>relocation-failed</c> the text libbpf would log.</param>
/// <param name="Program">The function in which libbpf fails.</param>
/// <param name="Source">The C source line where libbpf fails.</param>
/// <param name="Hint">How to fix it, if libbpf's text does not say.</param>
internal sealed record KernelFailure(
    string Code,
    string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Program = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SourceLine? Source = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hint = null)
{
    /// <summary>Whether the object is the cause, not the archive.</summary>
    [JsonIgnore]
    public bool IsOfObject => Code == ProblemKinds.RelocationFailed.Code;
}
