using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Cluster;

/// <summary>Mixed traffic of one cluster, which compares every answer with the right one and remembers what was acknowledged.</summary>
/// <param name="client">Where it is sent.</param>
/// <param name="relocated">The sample relocated for <see cref="Samples.NewKernel"/>.</param>
internal sealed class ClusterLoad(RetryingClient client, byte[] relocated)
{
    // A tag or a kernel is known by name on the other nodes within about a second; a busy machine takes longer.
    private static readonly TimeSpan Spreads = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, bool> _tags = new(StringComparer.Ordinal), _kernels = new(StringComparer.Ordinal);

    /// <summary>Tags and releases that were acknowledged: true where it was added, false where it was deleted.</summary>
    public IReadOnlyDictionary<string, bool> Tags => _tags;

    /// <inheritdoc cref="Tags"/>
    public IReadOnlyDictionary<string, bool> Kernels => _kernels;

    /// <summary>Sends until it is stopped; a wrong answer fails the test.</summary>
    public async Task RunAsync(int number, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var name = $"c{number}-{i}";
            var bytes = ObjectOf(name);
            if (await StatusAsync(HttpMethod.Post, $"/v1/objects?name={name}", bytes, HttpStatusCode.Created, HttpStatusCode.OK))
                await AskForAsync(name);
            if (await client.SendAsync(HttpMethod.Post, $"/v1/relocations?kernel={Samples.NewKernel}", bytes) is { } report)
            {
                AssertOk($"relocation of {name}", report.Status, report.Body);
                Assert.Contains(
                    Digest.Of(RelocatedOf(name)).Hex, System.Text.Encoding.UTF8.GetString(report.Body), StringComparison.Ordinal);
            }

            var release = $"6.{number}.{i}-cluster";
            if (await StatusAsync(HttpMethod.Post, $"/v1/kernels?distro=up&version=1&arch=x86_64&release={release}", BtfOf(release),
                HttpStatusCode.Created, HttpStatusCode.OK)) _kernels[release] = true;
            if (i % 4 == 3 && _tags.TryRemove(name, out _)
                && await StatusAsync(
                    HttpMethod.Delete, $"/v1/objects/{name}", null, HttpStatusCode.NoContent, HttpStatusCode.NotFound)) _tags[name] = false;
        }
    }

    // Every node knows its digest immediately, and its tag after a while.
    private async Task AskForAsync(string name)
    {
        _tags[name] = true;
        if (await client.SendAsync(HttpMethod.Get, $"/v1/objects/{Digest.Of(ObjectOf(name)).Hex}/file") is { } file)
            AssertOk($"{name} by its digest", file.Status, file.Body);
        var acknowledged = Stopwatch.StartNew();
        while (await client.SendAsync(HttpMethod.Get, $"/v1/relocated/{name}?kernel={Samples.NewKernel}") is { } answer)
        {
            if (answer.Status == HttpStatusCode.NotFound && acknowledged.Elapsed < Spreads)
            {
                await Task.Delay(100);
                continue;
            }

            AssertOk($"{name} by its tag", answer.Status, answer.Body);
            Assert.Equal(RelocatedOf(name), answer.Body);
            return;
        }
    }

    private async Task<bool> StatusAsync(HttpMethod method, string path, byte[]? body, params HttpStatusCode[] expected)
    {
        if (await client.SendAsync(method, path, body) is not { } answer) return false;
        Assert.True(
            expected.Contains(answer.Status), $"{method} {path}: {(int)answer.Status} {System.Text.Encoding.UTF8.GetString(answer.Body)}");
        return true;
    }

    private static void AssertOk(string what, HttpStatusCode status, byte[] body) => Assert.True(
        status == HttpStatusCode.OK, $"{what}: {(int)status} {System.Text.Encoding.UTF8.GetString(body.AsSpan()[..Math.Min(body.Length, 2000)])}");

    /// <summary>A kernel that no other thread adds.</summary>
    public static byte[] BtfOf(string release) => MadeUpBtf.Of(release);

    /// <summary>An object that no other thread sends: ELF ignores bytes after its end.</summary>
    public static byte[] ObjectOf(string name) => [.. Samples.Object, .. System.Text.Encoding.ASCII.GetBytes(name)];

    private byte[] RelocatedOf(string name) => [.. relocated, .. System.Text.Encoding.ASCII.GetBytes(name)];
}
