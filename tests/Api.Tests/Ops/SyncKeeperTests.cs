using System.Diagnostics;
using System.Text.Json.Nodes;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Ops;

/// <summary>The service syncs its sources at the interval of the settings.</summary>
public sealed class SyncKeeperTests
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1), Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_source_is_synced_at_the_start_and_again_after_the_interval()
    {
        using var other = new ServiceHost(root: null);
        await AddAsync(other, "6.1.0-1-amd64");
        using var service = Start(other.Http.BaseAddress!, ("Archive:Sync:Match", "debian/*"));
        var first = await ListedAtAsync(service, unlike: null);
        await AddAsync(other, "6.1.0-2-amd64");
        var second = await ListedAtAsync(service, unlike: first);
        Assert.True(second - first >= Every, $"{first:u}, {second:u}");
        Assert.Equal(2, await UntilHereAsync(service, 2));
    }

    [Fact]
    public async Task Only_the_named_sources_are_synced_and_only_what_matches()
    {
        using var other = new ServiceHost(root: null);
        await AddAsync(other, "6.1.0-1-amd64");
        await AddAsync(other, "6.12.0-1-amd64");
        using var service = Start(other.Http.BaseAddress!, ("Archive:Sync:Match", "6.12.*"), ("Archive:Sync:Sources", "second"),
            ("Archive:Upstream:Sources:1:Type", "relo"), ("Archive:Upstream:Sources:1:Name", "second"),
            ("Archive:Upstream:Sources:1:Url", other.Http.BaseAddress!.ToString()));
        await ListedAtAsync(service, unlike: null);
        Assert.Equal(1, await UntilHereAsync(service, 1));
        Assert.Equal(["second"], (await CoverageAsync(service))["sources"]!.AsArray().Select(s => (string?)s!["source"]));
        var kernels = await service.Http.GetStringAsync("/v1/kernels?distro=debian", TestContext.Current.CancellationToken);
        Assert.Contains("6.12.0-1-amd64", kernels, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_fails_is_asked_again_after_the_interval_not_at_every_look()
    {
        await using var broken = new FakeServer(new FakeServer.Answer(200, "<html>"u8.ToArray()));
        using var service = Start(new Uri(broken.Address));
        await UntilAsync(() => broken.Requests.Count == 1);
        var start = service.Clock.GetUtcNow();
        await UntilAsync(() =>
        {
            if (broken.Requests.Count == 1) service.Clock.Advance(TimeSpan.FromMinutes(1));
            return broken.Requests.Count == 2;
        });
        Assert.True(service.Clock.GetUtcNow() - start >= Every);
    }

    [Fact]
    public async Task A_source_without_kernels_too()
    {
        await using var empty = new FakeServer(new FakeServer.Answer(200, """{"items":[],"next":null}"""u8.ToArray()));
        using var service = Start(new Uri(empty.Address));
        await UntilAsync(() => empty.Requests.Count == 1);
        var start = service.Clock.GetUtcNow();
        await UntilAsync(() =>
        {
            if (empty.Requests.Count == 1) service.Clock.Advance(TimeSpan.FromMinutes(1));
            return empty.Requests.Count == 2;
        });
        Assert.True(service.Clock.GetUtcNow() - start >= Every);
    }

    private static ClockedService Start(Uri source, params (string Name, string Value)[] settings)
    {
        var service = new ClockedService([
            ("Archive:Sync:Every", Every.ToString()), ("Archive:Upstream:Sources:0:Type", "relo"),
            ("Archive:Upstream:Sources:0:Name", "first"), ("Archive:Upstream:Sources:0:Url", source.ToString()), .. settings]);
        _ = service.Http; // starts it
        return service;
    }

    private static async Task AddAsync(ServiceHost service, string release)
    {
        using var added = await service.Http.PostAsync(
            $"/v1/kernels?distro=debian&version=12&arch=x86_64&release={release}", Answers.Body(Samples.OldBtf),
            TestContext.Current.CancellationToken);
        Assert.True(added.IsSuccessStatusCode);
    }

    // Advances the clock until the source was listed at another time than before.
    private static async Task<DateTimeOffset> ListedAtAsync(ClockedService service, DateTimeOffset? unlike)
    {
        DateTimeOffset? at = null;
        await UntilAsync(async () =>
        {
            at = (await CoverageAsync(service))["sources"]!.AsArray() is [{ } source, ..] ? (DateTimeOffset)source["listedAt"]! : null;
            if (at is not null && at != unlike) return true;
            service.Clock.Advance(TimeSpan.FromMinutes(1));
            return false;
        });
        return at!.Value;
    }

    private static async Task<int> UntilHereAsync(ServiceHost service, int kernels)
    {
        var here = 0;
        await UntilAsync(async () =>
        {
            here = (await CoverageAsync(service, "?distro=debian"))["items"]!.AsArray().Sum(item => (int)item!["here"]!);
            return here >= kernels;
        });
        return here;
    }

    private static async Task<JsonNode> CoverageAsync(ServiceHost service, string query = "") =>
        await (await service.Http.GetAsync("/v1/coverage" + query, TestContext.Current.CancellationToken)).JsonAsync();

    private static Task UntilAsync(Func<bool> isSo) => UntilAsync(() => Task.FromResult(isSo()));

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        var clock = Stopwatch.StartNew();
        while (!await isSo())
        {
            Assert.True(clock.Elapsed < Patience, "nothing happened");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
