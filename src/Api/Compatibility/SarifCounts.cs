namespace Relo.Api.Compatibility;

/// <summary>Kernels in the run.</summary>
internal sealed record SarifCounts(int Kernels, VerdictCounts Verdicts);
