namespace Relo.Benchmarks;

/// <summary>One measurement beside its reference; prints its rows as a Markdown table.</summary>
internal sealed record Benchmark(string Verb, string About, Func<IReadOnlyList<string>, Task> RunAsync);
