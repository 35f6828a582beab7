using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Relo.Benchmarks.Load.Soak;

/// <summary>
/// Normal clients among hostile ones, against a service with little memory. Normal clients pause between requests, as nodes do, so what is
/// measured is how long the hostile ones delay them.
/// </summary>
internal static class SoakRun
{
    private const int NormalClients = 16;
    private const string None = "none";

    private static readonly string[] Normal = ["relocation, cold", "download", "not modified", "list"];
    private static readonly TimeSpan NormalPause = TimeSpan.FromMilliseconds(100), HostilePause = TimeSpan.FromSeconds(2);

    /// <summary>Runs it.</summary>
    /// <param name="service">A service that knows the samples.</param>
    /// <param name="hostile">The hostile traffic.</param>
    /// <param name="group">The control group of the service, if it has one.</param>
    /// <param name="time">How long.</param>
    /// <param name="show">Is shown the memory while it runs.</param>
    public static async Task<SoakResult> RunAsync(
        ServiceProcess service, IReadOnlyList<HostileKind> hostile, MemoryGroup? group, TimeSpan time, Action<MemorySample>? show = null)
    {
        var normal = Traffic.Kinds(await Traffic.PrepareAsync(service.Client)).Where(kind => Normal.Contains(kind.Name)).ToArray();
        var run = new State(service, time);
        using var over = new CancellationTokenSource(time);
        var clients = Enumerable.Range(0, NormalClients).Select(i => Task.Run(() => run.NormalAsync(normal, i)))
            .Concat(hostile.SelectMany(
                kind => Enumerable.Range(0, kind.Clients).Select(_ => Task.Run(() => run.HostileAsync(kind, over.Token))))).ToArray();
        var memory = new List<MemorySample>();
        var every = TimeSpan.FromSeconds(Math.Min(60, time.TotalSeconds / 10));
        while (run.IsGoing)
        {
            await Task.Delay(every);
            if (service.HasEnded) break;
            memory.Add(group is null
                ? new(run.Elapsed, service.ResidentBytes, service.AnonymousBytes)
                : new(run.Elapsed, group.Bytes.All, group.Bytes.Anonymous));
            show?.Invoke(memory[^1]);
        }

        await Task.WhenAll(clients);
        return run.Result(memory, group?.Killed ?? 0);
    }

    private sealed class State(ServiceProcess service, TimeSpan time)
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private readonly ConcurrentDictionary<string, ConcurrentBag<double>> _latencies = [];
        private readonly ConcurrentDictionary<(string, string), int> _statuses = [];
        private readonly ConcurrentDictionary<string, int> _unexpected = [];
        private long _number = Random.Shared.NextInt64(1L << 40);

        public bool IsGoing => _clock.Elapsed < time && !service.HasEnded;

        public TimeSpan Elapsed => _clock.Elapsed;

        public async Task NormalAsync(RequestKind[] kinds, int client)
        {
            using var http = Client();
            for (var turn = client; IsGoing; turn++)
            {
                var kind = kinds[turn % kinds.Length];
                using var request = kind.Make(Interlocked.Increment(ref _number));
                var asked = Stopwatch.GetTimestamp();
                var status = await StatusAsync(http, request);
                _latencies.GetOrAdd(kind.Name, _ => []).Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                Count(kind.Name, status, status == (int)kind.Expected);
                await Task.Delay(NormalPause);
            }
        }

        public async Task HostileAsync(HostileKind kind, CancellationToken over)
        {
            using var http = Client();
            try
            {
                while (IsGoing)
                {
                    var status = await kind.AskAsync(http, Interlocked.Increment(ref _number), over);
                    Count(kind.Name, status, kind.Allows(status));
                    await Task.Delay(HostilePause, over);
                }
            }
            catch (OperationCanceledException)
            {
                // The time is over.
            }
        }

        public SoakResult Result(IReadOnlyList<MemorySample> memory, long killed) => new(
            _latencies.ToDictionary(kind => kind.Key, kind => kind.Value.Order().ToArray()), _statuses,
            [.. _unexpected.Select(one => $"{one.Key}: {one.Value} times")], memory, Math.Max(killed, service.HasEnded ? 1 : 0));

        private void Count(string kind, int? status, bool isExpected)
        {
            var text = status == HostileKind.CutOff ? "cut off" : status?.ToString(CultureInfo.InvariantCulture) ?? None;
            _statuses.AddOrUpdate((kind, text), 1, (_, count) => count + 1);
            if (!isExpected) _unexpected.AddOrUpdate($"{kind} {text}", 1, (_, count) => count + 1);
        }

        private HttpClient Client() =>
            new(new SocketsHttpHandler { MaxConnectionsPerServer = 1 })
            {
                BaseAddress = service.Address,
                Timeout = TimeSpan.FromMinutes(10),
            };
    }

    private static async Task<int?> StatusAsync(HttpClient client, HttpRequestMessage request)
    {
        try
        {
            using var answer = await client.SendAsync(request);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
