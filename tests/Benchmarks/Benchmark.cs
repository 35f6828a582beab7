namespace Relo.Benchmarks;

/// <summary>One measurement beside its reference; prints its rows as a Markdown table.</summary>
/// <param name="Verb">Its name on the command line.</param>
/// <param name="About">What is compared with what, and the arguments.</param>
/// <param name="RunAsync">Runs it.</param>
/// <param name="Packages">Debian packages that it needs besides those of the corpus; null where it needs no corpus either.</param>
internal sealed record Benchmark(string Verb, string About, Func<IReadOnlyList<string>, Task> RunAsync, params string[]? Packages);
