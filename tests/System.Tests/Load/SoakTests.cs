using System.Globalization;
using Relo.Api.Tests.Fixtures;
using Relo.Benchmarks;
using Relo.Benchmarks.Load.Soak;

namespace Relo.SystemTests.Load;

/// <summary>
/// A minute of what <c>tests/Benchmarks soak</c> does for an hour. It asserts statuses and that the service lives; how long anybody waits
/// depends on what else the machine does.
/// </summary>
public sealed class SoakTests
{
    private const int Kernels = 8;
    private const long MemoryBytes = 512L << 20;
    private const string RunningKernel = "/sys/kernel/btf/vmlinux";

    [Fact]
    public async Task Hostile_clients_are_answered_200_or_told_why_not_and_normal_ones_are_served()
    {
        using var folder = new TemporaryFolder();
        using var group = MemoryGroup.TryMake(MemoryBytes);
        // Where this process may not make control groups, the heap alone is limited, to the 55 % that it would have.
        var environment = new Dictionary<string, string>();
        if (group is null) environment.Add("DOTNET_GCHeapHardLimit", (MemoryBytes * 55 / 100).ToString("X", CultureInfo.InvariantCulture));
        await using var service = await ServiceProcess.StartAsync(folder.Path, environment: environment, through: group?.Enter);
        var kernel = File.Exists(RunningKernel) ? await File.ReadAllBytesAsync(RunningKernel) : Samples.NewBtf;
        var hostile = await HostileTraffic.PrepareAsync(service, kernel, Kernels, paddingBytes: 0);
        var result = await SoakRun.RunAsync(service, hostile, group, TimeSpan.FromMinutes(1));
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join('\n', result.Statuses.Select(one => $"{one.Key.Kind} {one.Key.Status}: {one.Value}")));
        Assert.Empty(result.Unexpected);
        Assert.Equal(0, result.Ends);
        Assert.All(result.Latencies, kind => Assert.NotEmpty(kind.Value));
    }
}
