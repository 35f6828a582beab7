namespace Relo.Api.Diagnoses;

/// <summary>Counts.</summary>
/// <param name="Lines">Lines of the log.</param>
/// <param name="Findings">Findings.</param>
/// <param name="LinesReporting">Lines that report a finding.</param>
/// <param name="LinesNotUnderstood">Lines that are neither understood nor part of the verifier's trace.</param>
internal sealed record DiagnosisSummary(int Lines, int Findings, int LinesReporting, int LinesNotUnderstood);
