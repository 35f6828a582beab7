using System.Text.Json.Serialization;

namespace Relo.Core.Report;

/// <summary>A finding for the user.</summary>
/// <param name="Code">Stable kebab-case code, such as <c>needs-kernel-btf-program</c>.</param>
/// <param name="Message">The message.</param>
/// <param name="Program">The program it is about.</param>
/// <param name="Relocation">Index of the record it is about.</param>
public sealed record ReportWarning(
    string Code,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Program = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Relocation = null);
