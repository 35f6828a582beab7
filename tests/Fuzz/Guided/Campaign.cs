using System.Diagnostics;
using System.Globalization;
using Relo.Fuzz.Harnesses;

namespace Relo.Fuzz.Guided;

/// <summary>
/// Runs each harness in a separate process on instrumented assemblies, so that a crash of the runtime is a finding and does not end the
/// run.
/// </summary>
internal static class Campaign
{
    /// <returns>0, or 1 where anything was found.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        var options = CampaignOptions.Read(args);
        var program = Instrumented.Make();
        var found = 0;
        try
        {
            Console.WriteLine("harness          executions   per s   inputs kept   places covered   findings");
            var harnesses = All.Harnesses.Where(h => options.Harness is "all" || h.Name == options.Harness);
            await Parallel.ForEachAsync(harnesses, new ParallelOptions { MaxDegreeOfParallelism = options.Processes }, async (harness, _) =>
            {
                if (await RunAsync(harness, program, options)) Interlocked.Increment(ref found);
            });
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(program)!, recursive: true);
        }
        return found == 0 ? 0 : 1;
    }

    /// <returns>Whether anything was found.</returns>
    private static async Task<bool> RunAsync(Harness harness, string program, CampaignOptions options)
    {
        if (harness.Lacks is { } lacks)
        {
            Console.WriteLine($"{harness.Name,-14} skipped: {lacks}");
            return false;
        }
        using var worker = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList = { program, Worker.Verb, harness.Name, "--seconds", Text(options.Seconds), "--seed", Text(options.Seed) },
            // Allocations are counted by thread; the other cores run other harnesses.
            Environment = { ["DOTNET_gcServer"] = "0", ["DOTNET_gcConcurrent"] = "0", ["DOTNET_TieredPGO"] = "0" },
        })!;
        await worker.WaitForExitAsync();
        if (worker.ExitCode is not (0 or 1))
        {
            var last = FindingFiles.KeepLast(harness, worker.Id);
            Console.WriteLine($"{harness.Name}: the process ended with status {worker.ExitCode}; its last input is {last}");
        }
        File.Delete(FindingFiles.LastOf(harness, worker.Id));
        return worker.ExitCode != 0;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
