using System.IO.Compression;
using System.Net;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Relocations;

public sealed class ReportSizeTests
{
    private const string Posting = $"/v1/relocations?kernel={Samples.NewKernel}";

    [Fact]
    public async Task Report_above_the_limit_is_refused_with_what_to_ask_for_instead()
    {
        using var service = new ServiceHost(root: null, ("Limits:ReportBytes", "4096"));
        using var answer = await service.Http.PostAsync(Posting, Answers.Body(Samples.Object));
        var problem = await answer.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "report-too-large");
        Assert.Contains("fields=summary,fieldChanges", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Contains("relocationsLimit=1000", (string?)problem["detail"], StringComparison.Ordinal);

        // The remedy in the message works.
        Assert.Equal(HttpStatusCode.OK,
            (await service.Http.PostAsync(Posting + "&fields=summary,fieldChanges", Answers.Body(Samples.Object))).StatusCode);
        Assert.Equal(HttpStatusCode.OK,
            (await service.Http.PostAsync(Posting + "&fields=relocations&relocationsLimit=3", Answers.Body(Samples.Object))).StatusCode);
        using var octets = new HttpRequestMessage(HttpMethod.Post, Posting) { Content = Answers.Body(Samples.Object) };
        Assert.Equal(HttpStatusCode.OK, (await service.Http.SendAsync(octets.Accepting("application/octet-stream"))).StatusCode);
    }

    [Theory]
    [InlineData(Posting)]
    [InlineData("/v1/compatibility?release=5.11.*")]
    public async Task Report_in_the_problem_of_failOn_has_the_same_limit(string address)
    {
        using var unlimited = new ServiceHost(root: null);
        var report = await (await unlimited.Http.PostAsync(address, Answers.Body(Samples.Object))).Content.ReadAsByteArrayAsync();
        using var service = new ServiceHost(root: null, ("Limits:ReportBytes", $"{report.Length + 50}"));
        Assert.Equal(HttpStatusCode.OK, (await service.Http.PostAsync(address, Answers.Body(Samples.Object))).StatusCode);
        // The other members of the problem have more than 50 bytes.
        using var refused = await service.Http.PostAsync(address + "&failOn=poisoned", Answers.Body(Samples.Object));
        await refused.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "report-too-large");
    }

    [Fact]
    public async Task Object_with_too_much_in_it_is_refused_before_it_is_kept_and_kept_where_parts_are_asked_for()
    {
        using var service = new ServiceHost(root: null, ("Limits:ReportBytes", "1024"));
        using var refused = await service.Http.PostAsync("/v1/objects?name=large", Answers.Body(Samples.Object));
        await refused.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "report-too-large");
        Assert.Equal(HttpStatusCode.NotFound, (await service.Http.GetAsync("/v1/objects/large/file")).StatusCode);

        Assert.Equal(HttpStatusCode.Created,
            (await service.Http.PostAsync("/v1/objects?name=large&fields=maps", Answers.Body(Samples.Object))).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await service.Http.GetAsync("/v1/objects/large")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/v1/objects/large?fields=maps")).StatusCode);
    }

    [Fact]
    public async Task Object_whose_requested_part_is_too_large_is_not_kept_either()
    {
        using var service = new ServiceHost(root: null, ("Limits:ReportBytes", "1024"));
        using var refused = await service.Http.PostAsync("/v1/objects?name=large&fields=relocations", Answers.Body(Samples.Object));
        await refused.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "report-too-large");
        Assert.Equal(HttpStatusCode.NotFound, (await service.Http.GetAsync("/v1/objects/large/file")).StatusCode);
    }

    [Fact]
    public async Task Report_in_the_zip_is_the_report()
    {
        using var service = new ServiceHost(root: null);
        using var asked = new HttpRequestMessage(HttpMethod.Post, Posting) { Content = Answers.Body(Samples.Object) };
        using var whole = new HttpRequestMessage(HttpMethod.Post, Posting) { Content = Answers.Body(Samples.Object) };
        using var zipped = await service.Http.SendAsync(asked.Accepting("application/zip"));
        Assert.NotNull(zipped.Content.Headers.ContentLength);
        await using var zip = new ZipArchive(await zipped.Content.ReadAsStreamAsync());
        using var report = new StreamReader(await zip.Entries[1].OpenAsync());
        // The zip's own Accept names no JSON, so that report is indented.
        Assert.Equal(
            System.Text.Json.Nodes.JsonNode.Parse(await report.ReadToEndAsync())!.ToJsonString(),
            (await (await service.Http.SendAsync(whole.Accepting("application/json"))).JsonAsync()).ToJsonString());
    }
}
