using System.Globalization;

namespace Relo.Benchmarks.Load.Soak;

/// <summary>Normal clients among hostile ones for a given time, in a control group with a memory limit.</summary>
internal static class SoakBenchmark
{
    private const int Kernels = 24;
    private const string RunningKernel = "/sys/kernel/btf/vmlinux";

    public static async Task RunAsync(IReadOnlyList<string> args)
    {
        var time = TimeSpan.FromMinutes(Number(args, 0, 60));
        var mebibytes = Number(args, 1, 512);
        var padding = Number(args, 2, 0) << 20;
        using var folder = new TemporaryFolder();
        using var group = MemoryGroup.TryMake((long)mebibytes << 20)
            ?? throw new InvalidOperationException("this process may not make control groups");
        await using var service = await ServiceProcess.StartAsync(folder.Path, through: group.Enter);
        var hostile = await HostileTraffic.PrepareAsync(service, await File.ReadAllBytesAsync(RunningKernel), Kernels, padding);
        Console.WriteLine($"{time.TotalMinutes:0} minutes within {mebibytes} MiB, {hostile.Sum(kind => kind.Clients)} hostile clients");
        Console.WriteLine("\n| after s | MiB | of that not files |\n|--:|--:|--:|");
        var result = await SoakRun.RunAsync(
            service, hostile, group, time, sample =>
                Console.WriteLine($"| {sample.At.TotalSeconds:0} | {sample.AllBytes >> 20} | {sample.AnonymousBytes >> 20} |"));
        Print(result);
        if (result.Unexpected.Count > 0 || result.Ends > 0) Environment.ExitCode = 1;
    }

    private static void Print(SoakResult result)
    {
        Console.WriteLine("\n| normal request | count | median ms | 99 % ms | most ms |\n|---|--:|--:|--:|--:|");
        foreach (var (kind, sorted) in result.Latencies.Append(new("all", result.All)))
            if (sorted.Length > 0)
                Console.WriteLine(
                    $"| {kind} | {sorted.Length:n0} | {sorted[sorted.Length / 2]:0.0} | {sorted[(int)(sorted.Length * 0.99)]:0.0} | "
                        + $"{sorted[^1]:0.0} |");
        Console.WriteLine("\n| kind | statuses |\n|---|---|");
        foreach (var kind in result.Statuses.GroupBy(one => one.Key.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal))
            Console.WriteLine(
                $"| {kind.Key} | {string.Join(", ", kind.OrderBy(one => one.Key.Status, StringComparer.Ordinal).Select(one => $"{one.Key.Status}: {one.Value:n0}"))} |");
        Console.WriteLine(
            $"\nunexpected answers: {(result.Unexpected.Count == 0 ? "none" : string.Join("; ", result.Unexpected))}\nthe service ended: {result.Ends} times");
    }

    private static int Number(IReadOnlyList<string> args, int index, int otherwise) => args.Count > index
        ? int.Parse(args[index], CultureInfo.InvariantCulture)
        : otherwise;
}
