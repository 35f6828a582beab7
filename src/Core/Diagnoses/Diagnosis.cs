namespace Relo.Core.Diagnoses;

/// <summary>The result of reading a log with the object and the kernel at hand.</summary>
/// <param name="Findings">What the log reports.</param>
/// <param name="Lines">The number of lines.</param>
/// <param name="Reporting">The number of lines that report a finding.</param>
/// <param name="NotUnderstood">The number of lines that are neither understood nor part of the verifier's trace.</param>
/// <param name="Unknown">The first of these.</param>
public sealed record Diagnosis(
    IReadOnlyList<Finding> Findings, int Lines, int Reporting, int NotUnderstood, IReadOnlyList<UnknownLine> Unknown)
{
    /// <summary>Examples of the messages that are recognised.</summary>
    public static IReadOnlyList<string> Recognised { get; } = [.. LogForms.All.Select(form => form.Example)];
}
