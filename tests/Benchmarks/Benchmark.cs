namespace Relo.Benchmarks;

/// <summary>One measurement, side by side with what it is compared with, which prints its rows as a Markdown table.</summary>
internal sealed record Benchmark(string Verb, string About, Func<IReadOnlyList<string>, Task> RunAsync);
