using Relo.Archive.Sync;
using Relo.Archive.Tests.Fixtures;
using Relo.Archive.Upstream;
using Relo.Archive.Upstream.Crawler;

namespace Relo.Archive.Tests.Upstream.Crawler;

/// <summary>A list of kernel-crawler counts what distributions published, and is never asked for a kernel.</summary>
public sealed class CrawlerSourceTests
{
    private const string Json = """
        {
          "AmazonLinux": [],
          "AmazonLinux2": [
            { "kernelversion": 1, "kernelrelease": "4.14.273-207.502.amzn2.x86_64", "target": "amazonlinux2", "headers": ["http://x/y.rpm"] }
          ],
          "Debian": [
            { "kernelversion": "1", "kernelrelease": "6.1.0-38-amd64", "target": "debian", "headers": [] },
            { "kernelversion": "1", "kernelrelease": "6.1.0-39-amd64", "target": "debian", "headers": [] }
          ]
        }
        """;

    [Fact]
    public async Task It_is_the_denominator_of_the_coverage()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Json, TestContext.Current.CancellationToken);
        await using var archive = await StartAsync(file);
        await archive.AddAsync(TinyBtf.Of("int"), "6.1.0-38-amd64", "x86_64", "debian", "12");
        var sync = archive.Get<KernelSync>();
        var summary = await sync.RunAsync(Assert.Single(sync.Named("crawler")), new(), null, TestContext.Current.CancellationToken);
        Assert.Equal((3, 1, 0, 0), (summary.Listed, summary.Present, summary.Fetched, summary.Failed));
        var coverage = await archive.Get<CoverageReader>().ReadAsync(
            null, new(), 100, null, TestContext.Current.CancellationToken);
        Assert.Equal(
            [("amzn", "2", 1, 0), ("debian", "12", 2, 1)], coverage.Items.Select(i => (i.Distro, i.Version, i.Listed, i.Here)));
        File.Delete(file);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"Debian\":[{}]}")]
    [InlineData("no json")]
    public async Task What_is_no_such_list_is_refused(string json)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, json, TestContext.Current.CancellationToken);
        await using var archive = await StartAsync(file);
        var source = Assert.Single(archive.Get<KernelSync>().Named("crawler"));
        var refused = await Assert.ThrowsAsync<SourceException>(() => source.ListAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("it is not a list of kernel-crawler: ", refused.Message, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Theory]
    [InlineData("amazonlinux", "4.14.77-69.57.amzn1.x86_64", "1", "amzn", "1")]
    [InlineData("amazonlinux2023", "6.1.82-99.168.amzn2023.aarch64", "1", "amzn", "2023")]
    [InlineData("ubuntu", "5.15.0-91-generic", "101~20.04.1", "ubuntu", "20.04")]
    [InlineData("ubuntu-generic", "5.15.0-91-generic", "101", "ubuntu", "22.04")]
    [InlineData("redhat", "5.14.0-503.el9.x86_64", "1", "rhel", "9")]
    [InlineData("ol", "5.15.0-208.159.3.el9uek.x86_64", "1", "ol", "9")]
    [InlineData("photon", "6.1.10-1.ph5", "1", "photon", "5.0")]
    [InlineData("arch", "6.6.1.arch1-1", "1", "arch", null)]
    public void Its_targets_are_distributions(string target, string release, string number, string distro, string? version) =>
        Assert.Equal((distro, version), CrawlerTargets.Read(target, release, number));

    private static Task<TestArchive> StartAsync(string file) => TestArchive.StartAsync(
        ("Archive:Upstream:Sources:0:Type", "crawler"), ("Archive:Upstream:Sources:0:Url", file),
        ("Archive:Upstream:Sources:0:Architectures", "x86_64"));
}
