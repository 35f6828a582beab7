using Relo.Fuzz.Guided;
using Relo.Fuzz.Harnesses;
using Xunit.Runner.InProc.SystemConsole;

namespace Relo.Fuzz;

/// <summary>
/// <c>dotnet run -c Release --project tests/Fuzz -- HARNESS|all [--seconds 600] [--seed 1] [--processes 2]</c> lets coverage guide new
/// inputs for so long each; the tests of this project, which replay findings and run a fixed number of mutations, are started with what the
/// test runner passes.
/// </summary>
internal static class Program
{
    private static Task<int> Main(string[] args)
    {
        if (args is [Worker.Verb, ..]) return Task.FromResult(Worker.Run(args[1..]));
        if (args is ["totals"])
        {
            Executions.Print();
            return Task.FromResult(0);
        }
        if (args is ["all", ..] || All.Harnesses.Any(h => args.Length > 0 && h.Name == args[0])) return Campaign.RunAsync(args);
        if (args.Length > 0) return ConsoleRunner.Run(args);
        Console.Error.WriteLine(
            "usage: dotnet run -c Release --project tests/Fuzz -- HARNESS|all [--seconds 600] [--seed 1] [--processes 2] | totals");
        foreach (var harness in All.Harnesses) Console.Error.WriteLine($"  {harness.Name,-14}{harness.About}");
        return Task.FromResult(2);
    }
}
