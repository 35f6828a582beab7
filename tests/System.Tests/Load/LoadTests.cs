using Relo.Benchmarks;
using Relo.Benchmarks.Load;

namespace Relo.SystemTests.Load;

/// <summary>
/// A short one of what <c>tests/Benchmarks load</c> does for as long as one likes: the real service, 64 connections, one request in ten
/// wrong.
/// </summary>
public sealed class LoadTests
{
    private const long MaxGrowthBytes = 128 << 20;

    [Fact]
    public async Task Mixed_traffic_is_answered_as_it_should_be_and_memory_stays()
    {
        using var folder = new TemporaryFolder();
        // Small caches are full before a third of the time is over: what grows after that is kept by mistake.
        await using var service = await ServiceProcess.StartAsync(folder.Path, ["--Cache:ResultBytes=8388608"]);
        var result = await LoadRun.RunAsync(service, TimeSpan.FromMinutes(1));
        Assert.Empty(result.Unexpected);
        Assert.DoesNotContain(result.Latencies, kind => kind.Value.Length == 0);
        Assert.InRange(result.GrowthBytes, long.MinValue, MaxGrowthBytes);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(
            '\n', result.Latencies.Select(kind => $"{kind.Key}: {kind.Value.Length}, median {kind.Value[kind.Value.Length / 2]:0.0} ms")));
    }
}
