namespace Relo.Benchmarks.Http;

/// <summary>A URL, and the script of wrk that requests it.</summary>
internal sealed record Asked(Uri Address, string Script);
