namespace Relo.Api.Compatibility;

/// <summary>The number of kernels in the run, and by verdict.</summary>
internal sealed record SarifCounts(int Kernels, VerdictCounts Verdicts);
