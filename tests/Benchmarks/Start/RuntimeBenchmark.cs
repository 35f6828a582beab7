using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Relo.Benchmarks.Http;

namespace Relo.Benchmarks.Start;

/// <summary>
/// What the runtime's own settings are worth: start, memory and the rate of relocations with each way to collect garbage and to compile, in
/// turns.
/// <c>runtime [rounds] [seconds of load] [other Relo.Api.dll, published another way …]</c>
/// </summary>
internal static class RuntimeBenchmark
{
    private const int Kernels = 1000;
    private const int Connections = 32;

    private static readonly (string Name, Dictionary<string, string> Environment)[] Variants =
    [
        ("server", Of(server: true, concurrent: true)),
        ("server, not concurrent", Of(server: true, concurrent: false)),
        ("workstation", Of(server: false, concurrent: true)),
        ("workstation, not concurrent", Of(server: false, concurrent: false)),
        ("server, no profile (TieredPGO=0)", Of(server: true, concurrent: true, profile: false)),
    ];

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var rounds = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 5;
        var seconds = arguments.Count > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 5;
        using var folder = new TemporaryFolder();
        var root = folder.File("data");
        var kernel = Corpus.Kernel("debian/12/x86_64/6.1.0-56-amd64");
        await using (var filling = await ServiceProcess.StartAsync(root))
        {
            await StartBenchmark.FillAsync(filling, Kernels);
            await filling.AddKernelAsync(kernel);
        }

        var script = await HttpBenchmark.ScriptAsync(folder, "runtime.lua", [Corpus.Object("runqslower")]);
        var asked = new Uri($"/v1/relocations?kernel={Uri.EscapeDataString(kernel.Id)}", UriKind.Relative);
        string[] programs = [ServiceProcess.Default, .. arguments.Skip(2)];
        var runs = new Dictionary<(string Program, string Variant), List<Run>>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var program in programs)
            {
                foreach (var (name, environment) in Variants)
                {
                    if (!runs.TryGetValue((program, name), out var list)) runs.Add((program, name), list = []);
                    list.Add(await RunAsync(root, program, environment, asked, script, seconds));
                    Console.Error.WriteLine($"{Path.GetFileName(Path.GetDirectoryName(program))}, {name}: {list[^1]}");
                }
            }
        }

        Console.WriteLine(
            $"{Kernels} kernels in the archive; relocations of runqslower over {Connections} connections for {seconds} s, after as "
                + $"long to warm up; medians of {rounds} rounds. MiB are resident.");
        Console.WriteLine();
        Console.WriteLine(
            "| program | garbage collection | ready, ms | first relocation, ms | ready, MiB | relocations/s | processor time of each, "
                + "µs | p99, ms | loaded, MiB |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var ((program, name), list) in runs)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {Path.GetFileName(Path.GetDirectoryName(program))} | {name} | {Median(list, r => r.ReadyMs):F0} | "
                    + $"{Median(list, r => r.FirstMs):F0} | {Median(list, r => r.ReadyMiB):F0} | {Median(list, r => r.PerSecond):N0} | "
                    + $"{Median(list, r => r.EachUs):F0} | {Median(list, r => r.P99):F1} | {Median(list, r => r.LoadedMiB):F0} |"));
        }
    }

    private static async Task<Run> RunAsync(
        string root, string program, Dictionary<string, string> environment, Uri asked, string script, int seconds)
    {
        await using var service = await ServiceProcess.StartAsync(root, environment: environment, program: program);
        var ready = service.ResidentBytes;
        var clock = Stopwatch.StartNew();
        using (var body =
            new ByteArrayContent(await File.ReadAllBytesAsync(
                Corpus.Object("runqslower")))
            { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } })
        using (var answer = await service.Client.PostAsync(asked, body)) answer.EnsureSuccessStatusCode();
        var first = clock.Elapsed;
        await Wrk.RunAsync(new Uri(service.Address, asked), Connections, seconds, script: script); // until what is hot is compiled for good
        var before = service.ProcessorTime;
        var load = await Wrk.RunAsync(new Uri(service.Address, asked), Connections, seconds, script: script);
        var each = (service.ProcessorTime - before) / (load.PerSecond * seconds);
        if (load.Errors > 0) throw new InvalidOperationException($"{load.Errors} answers were errors");
        return new(service.ReadyAfter.TotalMilliseconds, first.TotalMilliseconds, ready / 1048576.0, load.PerSecond, each.TotalMicroseconds,
            load.P99, service.ResidentBytes / 1048576.0);
    }

    private static Dictionary<string, string> Of(bool server, bool concurrent, bool profile = true) => new()
    {
        ["DOTNET_gcServer"] = server ? "1" : "0",
        ["DOTNET_gcConcurrent"] = concurrent ? "1" : "0",
        ["DOTNET_TieredPGO"] = profile ? "1" : "0",
    };

    private static double Median(List<Run> runs, Func<Run, double> of) => runs.Select(of).Order().ElementAt(runs.Count / 2);

    private sealed record Run(
        double ReadyMs, double FirstMs, double ReadyMiB, double PerSecond, double EachUs, double P99, double LoadedMiB);
}
