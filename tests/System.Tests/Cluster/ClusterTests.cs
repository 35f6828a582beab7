using System.Diagnostics;
using System.Globalization;
using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Benchmarks;
using Relo.Benchmarks.Cluster;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Cluster;

/// <summary>
/// Three nodes on PostgreSQL and S3 with nginx in front, under mixed traffic: every few seconds a node is killed (SIGKILL) and started
/// again, once PostgreSQL crashes, once the store is away for ten seconds. RELO_CLUSTER_MINUTES sets how long it takes.
/// </summary>
public sealed class ClusterTests(ITestOutputHelper output) : IDisposable
{
    private const int Nodes = 3, Clients = 6;
    private static readonly TimeSpan StoreIsAway = TimeSpan.FromSeconds(10);

    private readonly string _root = Directory.CreateTempSubdirectory("relo-cluster-").FullName;
    private readonly ServiceProcess?[] _nodes = new ServiceProcess?[Nodes];
    private readonly Uri[] _addresses = [.. Enumerable.Range(0, Nodes).Select(_ => new Uri($"http://127.0.0.1:{Ports.Free()}"))];

    [Fact]
    public async Task Clients_that_retry_see_no_wrong_answer_and_nothing_acknowledged_is_lost()
    {
        var minutes = double.Parse(Environment.GetEnvironmentVariable("RELO_CLUSTER_MINUTES") ?? "1", CultureInfo.InvariantCulture);
        foreach (var missing in (string?[])[PostgresServer.Missing, S3Server.Missing, LoadBalancer.Missing])
            Assert.SkipUnless(missing is null, missing ?? "");
        using var database = PostgresServer.Start();
        using var store = S3Server.Start("relo");
        using var balancer = new LoadBalancer(_addresses, Path.Combine(Repository.Root, "src", "Api", "Ops", "nginx.conf"));
        var settings = SettingsOf(database, store);
        for (var i = 0; i < Nodes; i++) await StartAsync(i, settings);
        using var client = new RetryingClient(balancer.Address);
        var load = new ClusterLoad(client, await RelocatedAsync());

        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(number => Task.Run(() => load.RunAsync(number, stop.Token))).ToList();
        var kills = await BreakAsync(TimeSpan.FromMinutes(minutes), database, store, settings, Task.WhenAny(clients));
        await stop.CancelAsync();
        await Task.WhenAll(clients);

        var (requests, retries, givenUp) = client.Counts;
        output.WriteLine(
            $"{kills} kills, {requests} requests, {retries} of them again, {givenUp} given up; {load.Tags.Count} objects and "
                + $"{load.Kernels.Count} kernels acknowledged");
        Assert.True(load.Kernels.Count > 20 && givenUp < requests / 20, "most requests are to be answered");
        foreach (var node in _nodes) await AssertAllIsThereAsync(node!.Client, load);
        for (var i = 0; i < Nodes; i++) await StopAsync(i);
        await AssertVerifiedAsync(settings);
    }

    private async Task<int> BreakAsync(TimeSpan time, PostgresServer database, S3Server store, string[] settings, Task failure)
    {
        var clock = Stopwatch.StartNew();
        var pause = TimeSpan.FromSeconds(Math.Clamp(time.TotalSeconds / 15, 5, 20));
        var (kills, hasDatabaseCrashed, wasStoreAway) = (0, false, false);
        while (clock.Elapsed < time && !failure.IsCompleted)
        {
            await Task.Delay(pause);
            var victim = kills++ % Nodes;
            Kill(victim);
            if (!hasDatabaseCrashed && clock.Elapsed > time / 3)
            {
                database.Restart();
                hasDatabaseCrashed = true;
            }
            else if (!wasStoreAway && clock.Elapsed > time / 2)
            {
                store.Stop();
                await Task.Delay(StoreIsAway);
                store.Resume();
                wasStoreAway = true;
            }

            await StartAsync(victim, settings);
        }

        Assert.True(failure.IsCompleted || (hasDatabaseCrashed && wasStoreAway));
        return kills;
    }

    private static async Task AssertAllIsThereAsync(HttpClient node, ClusterLoad load)
    {
        foreach (var (tag, isThere) in load.Tags)
        {
            using var answer = await node.GetAsync($"/v1/objects/{tag}/file");
            Assert.True(
                answer.StatusCode == (isThere ? HttpStatusCode.OK : HttpStatusCode.NotFound),
                $"at the end, {tag}: {answer.StatusCode} {(isThere ? await answer.Content.ReadAsStringAsync() : "")}");
            if (isThere) Assert.Equal(ClusterLoad.ObjectOf(tag), await answer.Content.ReadAsByteArrayAsync());
        }

        foreach (var release in load.Kernels.Keys)
            Assert.Equal(ClusterLoad.BtfOf(release), await node.GetByteArrayAsync($"/v1/kernels/btf?kernel=up/1/x86_64/{release}"));
    }

    private async Task<byte[]> RelocatedAsync()
    {
        using var post = new HttpRequestMessage(HttpMethod.Post,
            $"/v1/relocations?kernel={Samples.NewKernel}")
        { Content = Answers.Body(Samples.Object) }.Accepting("application/octet-stream");
        using var answer = await _nodes[0]!.Client.SendAsync(post);
        var bytes = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
        Assert.Equal($"\"{Digest.Of(bytes)}\"", answer.Headers.ETag!.Tag);
        return bytes;
    }

    // Each has its own folder, which is only a cache.
    private async Task StartAsync(int number, string[] settings)
        => _nodes[number] =
            await ServiceProcess.StartAsync(Path.Combine(_root, $"{number}"), settings, Credentials, alsoAt: _addresses[number]);

    private async Task StopAsync(int number)
    {
        await _nodes[number]!.DisposeAsync();
        _nodes[number] = null;
    }

    private void Kill(int number)
    {
        using var process = Process.GetProcessById(_nodes[number]!.Pid);
        process.Kill();
        process.WaitForExit();
    }

    private static Dictionary<string, string> Credentials =>
        new() { ["AWS_ACCESS_KEY_ID"] = S3Server.Key, ["AWS_SECRET_ACCESS_KEY"] = S3Server.Key };

    private static string[] SettingsOf(PostgresServer database, S3Server store) =>
    [
        $"--Archive:Database={database.ConnectionString}", "--Archive:Blobs=s3://relo/archive", $"--Archive:S3:Endpoint={store.Address}",
        "--Archive:S3:PathStyle=true",
        "--AllowedHosts=relo", "--Proxies:Known=127.0.0.1", "--Serilog:MinimumLevel=Warning",
    ];

    private async Task AssertVerifiedAsync(string[] settings)
    {
        var start = RunProgram.StartOf(Path.Combine(_root, "0"), ["verify", .. settings]);
        foreach (var (name, value) in Credentials) start.Environment[name] = value;
        var (status, said, error) = await RunProgram.RunAsync(start);
        Assert.True(status == 0, said + error);
        output.WriteLine(said);
    }

    public void Dispose()
    {
        for (var i = 0; i < Nodes; i++)
            if (_nodes[i] is not null) Kill(i);
        Directory.Delete(_root, recursive: true);
    }
}
