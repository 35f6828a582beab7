using System.Text.Json.Serialization;
using Relo.Archive.Kernels;
using Relo.Core.Diagnoses;

namespace Relo.Api.Diagnoses;

/// <summary>The diagnosis of a log.</summary>
/// <param name="Object">Digest of the object.</param>
/// <param name="Name">Its name, if it has one.</param>
/// <param name="Kernel">The kernel, without its modules.</param>
/// <param name="Summary">Counts.</param>
/// <param name="Findings">What the log reports, in its order.</param>
/// <param name="NotUnderstood">The first lines that are neither understood nor part of the verifier's trace.</param>
/// <param name="Recognised">Examples of all messages that are recognised, if there are no findings.</param>
internal sealed record DiagnosisDocument(
    string Object, string? Name, Kernel Kernel, DiagnosisSummary Summary, IReadOnlyList<Finding> Findings,
    IReadOnlyList<UnknownLine> NotUnderstood,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Recognised)
{
    /// <summary>The document.</summary>
    public static DiagnosisDocument Of(LogDiagnosed done, string? name)
    {
        var found = done.Diagnosis.WithElsewhere();
        return new(
            done.Object.Digest.ToString(), name, done.Kernel with { Modules = [] },
            new(found.Lines, found.Findings.Count, found.Reporting, found.NotUnderstood), found.Findings, found.Unknown,
            found.Findings.Count == 0 ? Diagnosis.Recognised : null);
    }
}
