using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Archive.Tests.Fixtures;

namespace Relo.Api.Tests.Ops;

public sealed class HealthTests
{
    [Fact]
    public async Task Ready_names_the_database_the_blobs_and_the_archive()
    {
        using var service = new ServiceHost(root: null);
        var ready = await (await service.Http.GetAsync("/healthz/ready")).JsonAsync();
        Assert.Equal("healthy", (string?)ready["status"]);
        Assert.Equal(["archive", "blobs", "database"], ready["checks"]!.AsObject().Select(c => c.Key).Order());
        Assert.All(ready["checks"]!.AsObject(), c => Assert.Equal("healthy", (string?)c.Value!["status"]));
    }

    [Fact]
    public async Task Service_whose_data_folder_is_gone_lives_but_is_not_ready()
    {
        using var service = new ServiceHost(root: null);
        TestBlobs.SkipUnlessFiles();
        Directory.Move(service.Root, service.Root + ".away");
        try
        {
            Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/healthz/live")).StatusCode);
            using var answer = await service.Http.GetAsync("/healthz/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            var ready = await answer.JsonAsync();
            Assert.Equal("unhealthy", (string?)ready["checks"]!["blobs"]!["status"]);
            Assert.Contains("Archive:Root", (string?)ready["checks"]!["blobs"]!["detail"], StringComparison.Ordinal);
        }
        finally
        {
            Directory.Move(service.Root + ".away", service.Root);
        }
    }

    [Fact]
    public async Task Fault_that_lasts_is_logged_once_and_so_is_its_end()
    {
        using var service = new ClockedService();
        TestBlobs.SkipUnlessFiles();
        Directory.Move(service.Root, service.Root + ".away");
        try
        {
            for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.ServiceUnavailable, await LookAsync());
        }
        finally
        {
            Directory.Move(service.Root + ".away", service.Root);
        }

        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.OK, await LookAsync());
        var lines = service.Log.Events.Select(LogLines.Render)
            .Where(line => line.Contains("\"blobs\"", StringComparison.Ordinal) || line.Contains("ealth check", StringComparison.Ordinal))
            .ToList();
        Assert.Collection(
            lines,
            line => Assert.StartsWith(
                "Error Readiness: \"blobs\" is Unhealthy: \"Archive:Root cannot be written", line, StringComparison.Ordinal),
            line => Assert.StartsWith("Information Readiness: \"blobs\" is Healthy", line, StringComparison.Ordinal));
        Assert.Empty(service.Log.Requests("/healthz/ready")); // a failed check is no failure of the request

        async Task<HttpStatusCode> LookAsync()
        {
            service.Clock.Advance(TimeSpan.FromSeconds(5));
            return (await service.Http.GetAsync("/healthz/ready")).StatusCode;
        }
    }
}
