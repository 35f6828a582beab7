using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Benchmarks.Load.Soak;

namespace Relo.SystemTests.Load;

/// <summary>
/// The runtime itself runs out of memory: the addresses of its heap end at 160 MiB, which the service does not see, so admission by
/// estimate lets in more than there is.
/// </summary>
public sealed class OutOfMemoryTests : IDisposable
{
    private const string HeapRange = "DOTNET_GCRegionRange=0x0A000000";
    private const int LargePosts = 4, Records = 1 << 18;

    private static readonly HashSet<HttpStatusCode> Allowed =
        [HttpStatusCode.OK, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable];

    private readonly string _root = Directory.CreateTempSubdirectory("relo-oom-").FullName;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Out_of_memory_is_the_503_of_the_request_that_needs_it_and_the_others_are_served()
    {
        using var running = await RunningProgram.StartAsync(_root, HeapRange);
        var large = HostileObjects.ManyRecords(Records, "state", "pid");
        using var over = new CancellationTokenSource();
        var served = Task.Run(() => ServeAsync(running, over.Token), Patience);
        var statuses = new List<HttpStatusCode>();
        for (var round = 0; round < 5; round++)
        {
            statuses.AddRange(await Task.WhenAll(
                Enumerable.Range(LargePosts * round, LargePosts).Select(number => PostAsync(running, [.. large, (byte)number]))));
        }

        await over.CancelAsync();
        Assert.Subset(Allowed, statuses.ToHashSet());
        Assert.Contains(HttpStatusCode.ServiceUnavailable, statuses);
        Assert.True(await served > 0);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(running, Samples.Object));
        Assert.False(running.Process.HasExited);
        await running.StopAsync();
        Assert.Equal(0, running.Process.ExitCode);
    }

    // A client as fetch.sh: it comes again after 429 and 503. It gives up after five times.
    private static async Task<int> ServeAsync(RunningProgram running, CancellationToken over)
    {
        for (var times = 0; ; times++)
        {
            if (over.IsCancellationRequested) return times;
            byte[] another = [.. Samples.Object, .. BitConverter.GetBytes(times)];
            for (var attempt = 1; await PostAsync(running, another) != HttpStatusCode.OK; attempt++)
            {
                Assert.True(attempt < 5, "a small relocation was refused five times");
                await Task.Delay(TimeSpan.FromSeconds(1), Patience);
            }
        }
    }

    private static async Task<HttpStatusCode> PostAsync(RunningProgram running, byte[] file)
    {
        using var answer = await running.Http.PostAsync(
            $"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(file), Patience);
        await answer.Content.ReadAsByteArrayAsync(Patience);
        return answer.StatusCode;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
