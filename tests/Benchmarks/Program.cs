using Relo.Benchmarks;
using Relo.Benchmarks.Core;

// dotnet run -c Release --project tests/Benchmarks -- VERB [arguments]
Benchmark[] benchmarks = [CoreBenchmark.Verb];

if (benchmarks.FirstOrDefault(benchmark => args.Length > 0 && benchmark.Verb == args[0]) is not { } chosen)
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project tests/Benchmarks -- VERB [arguments]");
    foreach (var benchmark in benchmarks) Console.Error.WriteLine($"  {benchmark.Verb,-16}{benchmark.About}");
    return 2;
}

await chosen.RunAsync(args[1..]);
return 0;
