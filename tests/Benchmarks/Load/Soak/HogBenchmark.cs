using System.Diagnostics;
using System.Globalization;

namespace Relo.Benchmarks.Load.Soak;

/// <summary>
/// How long one kind of hostile request delays a normal one: the time of an uncached relocation alone and beside 24 clients of each kind, and
/// the processor time that the service goes on using after they have left.
/// </summary>
internal static class HogBenchmark
{
    private const int Hogs = 24, Kernels = 24;
    private const string RunningKernel = "/sys/kernel/btf/vmlinux", Relocation = "relocation, cold";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50), Second = TimeSpan.FromSeconds(1);

    /// <summary>Runs it: <c>hogs [seconds of each kind]</c>.</summary>
    public static async Task RunAsync(IReadOnlyList<string> args)
    {
        var time = TimeSpan.FromSeconds(args.Count > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10);
        using var folder = new TemporaryFolder();
        await using var service = await ServiceProcess.StartAsync(folder.Path);
        var kinds = await HostileTraffic.PrepareAsync(service, await File.ReadAllBytesAsync(RunningKernel), Kernels, paddingBytes: 0);
        var normal = Traffic.Kinds(await Traffic.PrepareAsync(service.Client)).Single(kind => kind.Name == Relocation);
        await MeasureAsync(service, normal, time); // compiled and opened
        Console.WriteLine($"uncached relocations beside {Hogs} clients of each kind, for {time.TotalSeconds:0} s; "
            + "then the processor time of the second that begins one second after they left");
        Console.WriteLine("\n| beside | count | median ms | most ms | processor afterwards, ms | answers to the hogs |\n|---|--:|--:|--:|--:|---|");
        Print("nobody", await MeasureAsync(service, normal, time), null, "");
        foreach (var kind in kinds)
        {
            var statuses = new Dictionary<string, int>(StringComparer.Ordinal);
            using var leave = new CancellationTokenSource();
            var hogs = Enumerable.Range(0, Hogs).Select(i => Task.Run(() => AskAsync(service, kind, i, statuses, leave.Token))).ToArray();
            var sorted = await MeasureAsync(service, normal, time);
            await leave.CancelAsync();
            await Task.Delay(Second);
            var before = service.ProcessorTime;
            await Task.Delay(Second);
            var after = service.ProcessorTime - before;
            await Task.WhenAll(hogs);
            lock (statuses)
                Print(kind.Name, sorted, after,
                    string.Join(", ", statuses.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}: {one.Value}")));
        }
    }

    private static void Print(string beside, double[] sorted, TimeSpan? after, string answers) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {beside} | {sorted.Length} | {sorted[sorted.Length / 2]:0} | {sorted[^1]:0} | {after?.TotalMilliseconds:0} | {answers} |"));

    // One normal client: the milliseconds of its requests, ascending.
    private static async Task<double[]> MeasureAsync(ServiceProcess service, RequestKind normal, TimeSpan time)
    {
        List<double> taken = [];
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time;)
        {
            using var request = normal.Make(Random.Shared.NextInt64(1L << 40));
            var asked = Stopwatch.GetTimestamp();
            using var answer = await service.Client.SendAsync(request);
            taken.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            if (answer.StatusCode != normal.Expected) throw new InvalidOperationException($"a normal client was answered {answer.StatusCode}");
            await Task.Delay(Pause);
        }

        return [.. taken.Order()];
    }

    // A client that is refused asks again after 50 ms, whatever Retry-After says.
    private static async Task AskAsync(
        ServiceProcess service, HostileKind kind, int hog, Dictionary<string, int> statuses, CancellationToken leave)
    {
        using var client = new HttpClient { BaseAddress = service.Address, Timeout = TimeSpan.FromMinutes(10) };
        try
        {
            for (var n = (long)hog << 32; !leave.IsCancellationRequested; n++)
            {
                var status = (await kind.AskAsync(client, n, leave))?.ToString(CultureInfo.InvariantCulture) ?? "none";
                lock (statuses) statuses[status] = statuses.GetValueOrDefault(status) + 1;
                if (status == "429") await Task.Delay(Pause, leave);
            }
        }
        catch (OperationCanceledException)
        {
            // It left.
        }
    }
}
