using System.Diagnostics;
using System.Globalization;
using Relo.Benchmarks.Http;
using Relo.Conformance.Corpus;

namespace Relo.Benchmarks.Cluster;

/// <summary>
/// One, two and three nodes on one PostgreSQL and one S3 store, behind nginx with the shipped configuration, all on this machine: requests
/// per second, and the processor time of each part for a request, which is what other machines can be reckoned from. <c>nodes [seconds of
/// each]</c>
/// </summary>
internal static class NodesBenchmark
{
    private const int MostNodes = 3, Connections = 64, Posts = 32, Rotation = 16;

    public static async Task RunAsync(IReadOnlyList<string> arguments)
    {
        var seconds = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 10;
        foreach (var missing in (string?[])[PostgresServer.Missing, S3Server.Missing, LoadBalancer.Missing])
            if (missing is not null) throw new InvalidOperationException(missing);
        using var folder = new TemporaryFolder();
        using var database = PostgresServer.Start();
        using var store = S3Server.Start("relo");
        var addresses = Enumerable.Range(0, MostNodes)
            .Select(_ => new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}"))).ToList();
        var nodes = new List<ServiceProcess>();
        Fleet? fleet = null;
        Console.WriteLine("| nodes | asked | requests/s | p50 ms | p99 ms | CPU µs per request: nodes | nginx | PostgreSQL | errors |");
        Console.WriteLine("|--:|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var address in addresses)
        {
            nodes.Add(await StartAsync(folder, nodes.Count, address, database, store));
            fleet ??= await Fleet.MakeAsync(nodes[0], folder);
            using var balancer =
                new LoadBalancer(addresses.Take(nodes.Count), Path.Combine(Cache.Repository, "src", "Api", "Ops", "nginx.conf"));
            var kernel = new Uri(balancer.Address,
                $"/v1/relocations?kernel={Uri.EscapeDataString(Corpus.Kernels.First(k => k.Id.Contains("/x86_64/", StringComparison.Ordinal)).Id)}");
            (string What, Uri Address, string Script, int Connections)[] questions =
            [
                ("download", balancer.Address, await fleet.ScriptAsync(isConditional: false), Connections),
                ("304", balancer.Address, await fleet.ScriptAsync(isConditional: true), Connections),
                ("POST relocation", kernel, await HttpBenchmark.ScriptAsync(folder, "many.lua", [.. Corpus.SmallObjects.Take(Rotation)]),
                    Posts),
            ];
            foreach (var (what, url, script, connections) in questions)
            {
                await Wrk.RunAsync(url, connections, seconds, script: script); // compiles, and fills the caches
                var before = TimesOf(nodes, balancer, database);
                var result = await Wrk.RunAsync(url, connections, seconds, script: script);
                var spent = TimesOf(nodes, balancer, database)
                    .Zip(before, (after, at) => (after - at).TotalMicroseconds / (result.PerSecond * seconds)).ToList();
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {nodes.Count} | {what} | {result.PerSecond:N0} | {result.P50:F2} | {result.P99:F2} | {spent[0]:F0} | "
                        + $"{spent[1]:F0} | {spent[2]:F1} | {result.Errors} |"));
            }
        }

        foreach (var node in nodes) await node.DisposeAsync();
    }

    private static Task<ServiceProcess> StartAsync(
        TemporaryFolder folder, int number, Uri address, PostgresServer database, S3Server store) => ServiceProcess.StartAsync(
        folder.File(number.ToString(CultureInfo.InvariantCulture)),
        [
            $"--Archive:Database={database.ConnectionString}", "--Archive:Blobs=s3://relo/archive",
            $"--Archive:S3:Endpoint={store.Address}", "--Archive:S3:PathStyle=true",
            "--AllowedHosts=relo", "--Proxies:Known=127.0.0.1",
        ],
        new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = S3Server.Key, ["AWS_SECRET_ACCESS_KEY"] = S3Server.Key }, alsoAt: address);

    private static TimeSpan[] TimesOf(List<ServiceProcess> nodes, LoadBalancer balancer, PostgresServer database) =>
    [
        nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + node.ProcessorTime), TreeTime(balancer.Pid), TreeTime(database.Pid),
    ];

    // Of a process and its children, which do the work in both programs.
    private static TimeSpan TreeTime(int pid)
    {
        var sum = TimeSpan.Zero;
        foreach (var process in Process.GetProcesses().Where(process => process.Id == pid || ParentOf(process.Id) == pid))
        {
            using (process) sum += process.TotalProcessorTime;
        }

        return sum;
    }

    // The fourth field of /proc/PID/stat, after the name in parentheses (proc(5)).
    private static int ParentOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }
}
