using System.Globalization;

namespace Relo.Benchmarks.Load;

/// <summary>Mixed traffic for a given time, with the latencies of each kind, unexpected responses, and memory.</summary>
internal static class LoadBenchmark
{
    public static async Task RunAsync(IReadOnlyList<string> args)
    {
        var time = TimeSpan.FromSeconds(args.Count > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1800);
        using var folder = new TemporaryFolder();
        await using var service = await ServiceProcess.StartAsync(folder.Path);
        var result = await LoadRun.RunAsync(service, time);
        Console.WriteLine("| request | count | median ms | 99 % ms | most ms |\n|---|--:|--:|--:|--:|");
        foreach (var (kind, sorted) in result.Latencies)
            if (sorted.Length > 0)
                Console.WriteLine(
                    $"| {kind} | {sorted.Length:n0} | {sorted[sorted.Length / 2]:0.0} | {sorted[(int)(sorted.Length * 0.99)]:0.0} | "
                        + $"{sorted[^1]:0.0} |");
        Console.WriteLine(
            $"\n{result.Requests:n0} requests over {LoadRun.Connections} connections, {result.Requests / time.TotalSeconds:n0} a "
                + $"second; unexpected answers: {result.Unexpected.Values.Sum()}");
        foreach (var (what, count) in result.Unexpected) Console.WriteLine($"  {what}: {count}");
        Console.WriteLine(
            $"memory in MiB: {string.Join(", ", result.Memory.Select(m => $"{m.Bytes >> 20} after {m.At.TotalSeconds:0} s"))}");
        if (!result.Unexpected.Any()) return;
        Environment.ExitCode = 1;
    }
}
