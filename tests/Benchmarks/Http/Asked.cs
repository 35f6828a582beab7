namespace Relo.Benchmarks.Http;

/// <summary>An address, and the script of wrk that asks it.</summary>
internal sealed record Asked(Uri Address, string Script);
