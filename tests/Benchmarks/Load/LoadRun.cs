using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Relo.Benchmarks.Load;

/// <summary>The result of a run.</summary>
/// <param name="Latencies">Milliseconds of each request, by kind, ascending.</param>
/// <param name="Unexpected">How often another status than the right one came, by kind and status.</param>
/// <param name="Memory">What of the service was in memory, without pages of files, at the start and after each part of the time.</param>
internal sealed record LoadResult(IReadOnlyDictionary<string, double[]> Latencies, IReadOnlyDictionary<string, int> Unexpected,
    IReadOnlyList<(TimeSpan At, long Bytes)> Memory)
{
    public int Requests => Latencies.Sum(kind => kind.Value.Length);

    /// <summary>The growth from a third of the time, when everything is warm, to the end.</summary>
    public long GrowthBytes => Memory[^1].Bytes - Memory[Memory.Count / 3].Bytes;
}

/// <summary>Mixed traffic over this number of connections, each of which sends the next request after each response.</summary>
internal static class LoadRun
{
    public const int Connections = 64;

    private const int Parts = 12;

    /// <summary>Runs it.</summary>
    /// <param name="service">A service that knows the samples.</param>
    /// <param name="time">How long.</param>
    public static async Task<LoadResult> RunAsync(ServiceProcess service, TimeSpan time)
    {
        var kinds = Traffic.Kinds(await Traffic.PrepareAsync(service.Client));
        var latencies = kinds.ToDictionary(kind => kind.Name, _ => new ConcurrentBag<double>());
        var unexpected = new ConcurrentDictionary<string, int>();
        var clock = Stopwatch.StartNew();
        long number = 0;
        var connections = Enumerable.Range(0, Connections).Select(connection => Task.Run(async () =>
        {
            using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 }) { BaseAddress = service.Address };
            var random = new Random(connection);
            while (clock.Elapsed < time)
            {
                var kind = Choose(kinds, random.Next(100));
                using var request = kind.Make(Interlocked.Increment(ref number));
                var asked = Stopwatch.GetTimestamp();
                var status = await StatusAsync(client, request);
                latencies[kind.Name].Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                if (status != kind.Expected)
                    unexpected.AddOrUpdate(
                        $"{kind.Name}: {status?.ToString() ?? "no answer"}, expected {kind.Expected}", 1, (_, count) => count + 1);
            }
        })).ToArray();
        var memory = new List<(TimeSpan, long)> { (clock.Elapsed, service.AnonymousBytes) };
        for (var part = 1; part <= Parts; part++)
        {
            await Task.Delay(time / Parts);
            memory.Add((clock.Elapsed, service.AnonymousBytes));
        }

        await Task.WhenAll(connections);
        return new(latencies.ToDictionary(kind => kind.Key, kind => kind.Value.Order().ToArray()), unexpected, memory);
    }

    private static RequestKind Choose(IReadOnlyList<RequestKind> kinds, int of100)
    {
        var at = 0;
        while (of100 >= kinds[at].Share) of100 -= kinds[at++].Share;
        return kinds[at];
    }

    /// <summary>The status, after the whole body has arrived; null if the connection failed.</summary>
    private static async Task<HttpStatusCode?> StatusAsync(HttpClient client, HttpRequestMessage request)
    {
        try
        {
            using var answer = await client.SendAsync(request);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
