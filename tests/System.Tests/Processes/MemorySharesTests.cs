using System.Net;
using Relo.Api.Caching;
using Relo.Api.Http.Limits;
using Relo.Api.Ops;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Processes;

/// <summary>A process with less memory than its settings allow stays within its limit.</summary>
public sealed class MemorySharesTests : IDisposable
{
    private const long MiB = 1 << 20;
    private const int Uploads = 48;

    private readonly string _root = Directory.CreateTempSubdirectory("relo-memory-").FullName;

    [Fact]
    public void Caches_are_lessened_in_proportion_to_a_sixteenth_and_left_alone_where_they_fit()
    {
        var caches = new ResultOptions { ResultBytes = 60 * MiB, CompatibilityBytes = 30 * MiB, PackedBytes = 10 * MiB };
        Assert.False(MemoryShares.Fit(caches, 1600 * MiB));
        Assert.True(MemoryShares.Fit(caches, 800 * MiB));
        Assert.Equal((30 * MiB, 15 * MiB, 5 * MiB), (caches.ResultBytes, caches.CompatibilityBytes, caches.PackedBytes));
        var most = new ResultOptions { ResultBytes = long.MaxValue, CompatibilityBytes = long.MaxValue, PackedBytes = 0 };
        Assert.True(MemoryShares.Fit(most, 320 * MiB));
        Assert.Equal((10 * MiB, 10 * MiB), (most.ResultBytes, most.CompatibilityBytes));
    }

    [Fact]
    public void Memory_of_requests_is_lessened_to_two_fifths_and_the_largest_object_to_what_fits()
    {
        var limits = new LimitOptions { ObjectBytes = 10 * MiB, MemoryBytes = 100 * MiB };
        Assert.False(MemoryShares.Fit(limits, 250 * MiB));
        Assert.True(MemoryShares.Fit(limits, 200 * MiB));
        Assert.Equal((80 * MiB, 10 * MiB), (limits.MemoryBytes, limits.ObjectBytes));
        Assert.True(MemoryShares.Fit(limits, 50 * MiB));
        Assert.Equal((20 * MiB, 4 * MiB), (limits.MemoryBytes, limits.ObjectBytes));
    }

    [Fact]
    public async Task More_uploads_at_once_than_memory_are_answered_or_told_to_come_again()
    {
        const long heap = 192 * MiB;
        const int size = (int)(8 * MiB);
        using var running = await RunningProgram.StartAsync(_root, $"DOTNET_GCHeapHardLimit=0x{heap:X}", $"--Limits:ObjectBytes={size}");
        var statuses = await Task.WhenAll(Enumerable.Range(0, Uploads).Select(async number =>
        {
            // Bytes after the end of an object have no meaning but change its digest, so nothing is shared.
            byte[] another = [.. Samples.Object, .. new byte[size - Samples.Object.Length - 1], (byte)number];
            using var answer = await running.Http.PostAsync(
                $"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(another), TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }));
        Assert.Subset(new HashSet<HttpStatusCode> { HttpStatusCode.OK, HttpStatusCode.TooManyRequests }, statuses.ToHashSet());
        Assert.Contains(HttpStatusCode.OK, statuses);
        using var after = await running.Http.PostAsync(
            $"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Samples.Object), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Single(await running.StopAsync(), line => line.Contains("Cache:ResultBytes", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
