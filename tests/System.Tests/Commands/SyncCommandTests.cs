using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Commands;

/// <summary>One Relo syncs from another, which is a real service.</summary>
public sealed class SyncCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relo-sync-").FullName;

    [Fact]
    public async Task Every_kernel_of_another_Relo_is_here_after_one_command()
    {
        using var other = new ServiceHost(root: null);
        using var added = await other.Http.PostAsync(
            "/v1/kernels?distro=debian&version=12&arch=x86_64&release=6.1.0-1-amd64", Answers.Body(Samples.OldBtf));
        string[] source =
        [
            "--Archive:Upstream:Sources:0:Type=relo", "--Archive:Upstream:Sources:0:Name=other",
            $"--Archive:Upstream:Sources:0:Url={other.Http.BaseAddress}",
        ];
        var (status, output) = await RunProgram.RunAsync(_root, ["sync", "other", "--dry-run", "--match", "debian/*", .. source]);
        Assert.Equal(0, status);
        Assert.Contains("other: 1 listed, 0 present, 1 would be fetched, 0 refused, 0 failed, ", output, StringComparison.Ordinal);

        (status, output) = await RunProgram.RunAsync(_root, ["sync", "all", "--match", "debian/*", .. source]);
        Assert.Equal(0, status);
        Assert.Contains("[1/1] added debian/12/x86_64/6.1.0-1-amd64: ", output, StringComparison.Ordinal);
        (status, output) = await RunProgram.RunAsync(_root, ["sync", "other", "--match", "debian/*", .. source]);
        Assert.Equal(0, status);
        Assert.Contains("other: 1 listed, 1 present, 0 fetched, 0 refused, 0 failed, 0 bytes", output, StringComparison.Ordinal);

        using var service = new ServiceHost(_root);
        var coverage = await (await service.Http.GetAsync("/v1/coverage?distro=debian")).JsonAsync();
        Assert.Equal((1, 1), ((int?)coverage["items"]![0]!["listed"], (int?)coverage["items"]![0]!["here"]));
        Assert.Equal("other", (string?)coverage["sources"]![0]!["source"]);
    }

    [Fact]
    public async Task What_cannot_be_synced_is_said()
    {
        var (status, output) = await RunProgram.RunAsync(_root, "sync", "nowhere");
        Assert.Equal(1, status);
        Assert.Contains("there is no source nowhere that has a list", output, StringComparison.Ordinal);
        (status, output) = await RunProgram.RunAsync(_root, "sync", "all", "--since", "yesterday");
        Assert.Equal(2, status);
        Assert.Contains("--since is 'yesterday', expected a date", output, StringComparison.Ordinal);
        (status, output) = await RunProgram.RunAsync(_root, "sync");
        Assert.Equal(2, status);
        Assert.Contains("sync needs <source>", output, StringComparison.Ordinal);
        (status, output) = await RunProgram.RunAsync(
            _root, "sync", "x", "--Archive:Upstream:Sources:0:Type=relo", "--Archive:Upstream:Sources:0:Name=x",
            "--Archive:Upstream:Sources:0:Url=http://127.0.0.1:1/");
        Assert.Equal(1, status);
        Assert.Contains("from the source x failed: it cannot be reached", output, StringComparison.Ordinal);
        (status, output) = await RunProgram.RunAsync(_root, "sync", "x", "--Archive:Upstream:Sources:0:Tpe=relo");
        Assert.Equal(1, status);
        Assert.Contains("there is no setting Archive:Upstream:Sources:0:Tpe", output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
