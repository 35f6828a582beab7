using System.Diagnostics;
using System.Globalization;
using Relo.Fuzz.Harnesses;

namespace Relo.Fuzz.Guided;

/// <summary>Runs harnesses one after another, each in a process of its own on instrumented assemblies, so that even a crash of the runtime is a finding and no end.</summary>
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
            Console.WriteLine("harness        executions   per s   inputs kept   places covered   findings");
            foreach (var harness in All.Harnesses.Where(h => options.Harness is "all" || h.Name == options.Harness))
            {
                if (harness.Lacks is { } lacks)
                {
                    Console.WriteLine($"{harness.Name,-14} skipped: {lacks}");
                    continue;
                }

                using var worker = Process.Start(new ProcessStartInfo("dotnet")
                {
                    ArgumentList = { program, Worker.Verb, harness.Name, "--seconds", options.Seconds.ToString(CultureInfo.InvariantCulture), "--seed", options.Seed.ToString(CultureInfo.InvariantCulture) },
                    // One thing at a time: allocations are counted by thread, and the other core is somebody else's.
                    Environment = { ["DOTNET_gcServer"] = "0", ["DOTNET_TieredPGO"] = "0" },
                })!;
                await worker.WaitForExitAsync();
                if (worker.ExitCode != 0) found++;
                if (worker.ExitCode is not (0 or 1)) Console.WriteLine($"{harness.Name}: the process ended with status {worker.ExitCode}; its last input is {FindingFiles.KeepLast(harness)}");
            }
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(program)!, recursive: true);
        }
        return found == 0 ? 0 : 1;
    }
}
