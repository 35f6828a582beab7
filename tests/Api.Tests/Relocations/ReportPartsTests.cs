using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Relo.Api.Inputs;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Relocations;

public sealed class ReportPartsTests(Service service) : IClassFixture<Service>
{
    private const string Posting = $"/v1/relocations?kernel={Samples.NewKernel}";

    private static readonly string ByDigests = $"/v1/relocations/{Samples.ObjectDigest.Hex}/{Digest.Of(Samples.NewBtf).Hex}";

    [Fact]
    public async Task Fields_leave_out_the_other_members()
    {
        var whole = await PostAsync("");
        var parts = await PostAsync("&fields=fieldChanges,summary");
        Assert.Equal(["summary", "fieldChanges"], Names(parts)); // in the order of the report
        Assert.Equal(whole["summary"]!.Text(), parts["summary"]!.Text());
        Assert.Equal(whole["fieldChanges"]!.Text(), parts["fieldChanges"]!.Text());
    }

    [Fact]
    public async Task Unknown_field_is_refused_with_what_was_meant()
    {
        using var answer = await service.Http.PostAsync(Posting + "&fields=summary,fieldChange", Answers.Body(Samples.Object));
        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        Assert.Equal(("fields", "fieldChanges"), ((string?)problem["parameter"], (string?)problem["didYouMean"]));
    }

    [Theory]
    [InlineData("relocationsLimit=0", "relocationsLimit")]
    [InlineData("relocationsLimit=1001", "relocationsLimit")]
    [InlineData("relocationsAfter=-1", "relocationsAfter")]
    [InlineData("relocationsAfter=x", "relocationsAfter")]
    public async Task Page_out_of_range_is_refused(string query, string parameter)
    {
        using var answer = await service.Http.PostAsync($"{Posting}&{query}", Answers.Body(Samples.Object));
        Assert.Equal(parameter, (string?)(await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter"))["parameter"]);
    }

    [Fact]
    public async Task Pages_together_are_the_whole_report()
    {
        var whole = await PostAsync("");
        using var first = await service.Http.PostAsync(Posting + "&relocationsLimit=4", Answers.Body(Samples.Object));
        var (relocations, warnings, pages) = (new List<JsonNode?>(), new List<JsonNode?>(), 1);
        var (page, next) = (await first.JsonAsync(), NextOf(first));
        while (true)
        {
            Assert.Equal("next", page.AsObject().Last().Key);
            relocations.AddRange(page["relocations"]!.AsArray());
            warnings.AddRange(page["warnings"]!.AsArray());
            Assert.Equal(next is null, page["next"] is null);
            if (next is null) break;
            Assert.StartsWith(ByDigests + "?", next, StringComparison.Ordinal);
            using var answer = await service.Http.GetAsync(next);
            (page, next) = (await answer.JsonAsync(), NextOf(answer));
            pages++;
        }

        Assert.Equal(3, pages); // 11 relocations
        Assert.Equal(whole["relocations"]!.AsArray().Select(r => r!.Text()), relocations.Select(r => r!.Text()));
        Assert.Equal(whole["warnings"]!.AsArray().Select(w => w!.Text()), warnings.Select(w => w!.Text()));
    }

    [Fact]
    public async Task Any_parts_are_cut_from_the_whole_report_byte_for_byte()
    {
        var whole = await BytesAsync("");
        string[] names = [.. JsonNode.Parse(whole)!.AsObject().Select(member => member.Key)];
        var random = new Random(17);
        for (var i = 0; i < 100; i++)
        {
            var fields = random.Next(4) == 0 ? null : names.Where(_ => random.Next(2) == 0).DefaultIfEmpty("warnings").ToArray();
            int? limit = random.Next(3) == 0 ? null : random.Next(1, 14);
            var skipped = random.Next(3) == 0 ? 0 : random.Next(14); // 11 relocations
            var query = (fields is null ? "" : $"&fields={string.Join(',', fields)}")
                + (limit is null ? "" : $"&relocationsLimit={limit}") + (skipped == 0 ? "" : $"&relocationsAfter={skipped}");
            var expected = ReportCut.Of(whole, fields, limit, skipped);
            Assert.Equal(Encoding.UTF8.GetString(expected), Encoding.UTF8.GetString(await BytesAsync(query)));
        }
    }

    [Fact]
    public async Task Page_has_a_tag_of_its_own()
    {
        await PostAsync("");
        using var whole = await service.Http.GetAsync(ByDigests);
        using var page = await service.Http.GetAsync(ByDigests + "?relocationsLimit=2&fields=relocations");
        Assert.NotEqual(whole.Headers.ETag, page.Headers.ETag);
        Assert.Equal($"\"{Digest.Of(await page.Content.ReadAsByteArrayAsync())}\"", page.Headers.ETag?.Tag);
        using var again = new HttpRequestMessage(HttpMethod.Get, ByDigests + "?relocationsLimit=2&fields=relocations");
        again.Headers.IfNoneMatch.Add(page.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await service.Http.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task Report_of_a_tag_and_what_is_in_its_object_have_parts_too()
    {
        await service.Http.PostAsync("/v1/objects?name=parts", Answers.Body(Samples.Object));
        using var asked = new HttpRequestMessage(HttpMethod.Get, $"/v1/relocated/parts?kernel={Samples.NewKernel}&fields=summary")
            .Accepting("application/json");
        Assert.Equal(["summary"], Names(await (await service.Http.SendAsync(asked)).JsonAsync()));

        using var page = await service.Http.GetAsync("/v1/objects/parts?fields=relocations,maps&relocationsLimit=5&relocationsAfter=5");
        var document = await page.JsonAsync();
        Assert.Equal(["maps", "relocations"], Names(document["object"]));
        Assert.Equal([5, 6, 7, 8, 9], document["object"]!["relocations"]!.AsArray().Select(r => (int)r!["index"]!));
        Assert.Equal("10", (string?)document["next"]);
        var last = await (await service.Http.GetAsync(NextOf(page))).JsonAsync();
        Assert.Equal(10, (int)Assert.Single(last["object"]!["relocations"]!.AsArray())!["index"]!);
        Assert.Null(last["next"]);
    }

    private async Task<JsonNode> PostAsync(string query) =>
        await (await service.Http.PostAsync(Posting + query, Answers.Body(Samples.Object))).JsonAsync();

    private async Task<byte[]> BytesAsync(string query)
    {
        using var answer = await service.Http.PostAsync(Posting + query, Answers.Body(Samples.Object));
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private static string? NextOf(HttpResponseMessage answer) => answer.Headers.TryGetValues("Link", out var links)
        ? links.SelectMany(link => link.Split(", "))
            .FirstOrDefault(link => link.EndsWith("rel=\"next\"", StringComparison.Ordinal))?.Split('<', '>')[1]
        : null;

    private static IEnumerable<string> Names(JsonNode? node) => node!.AsObject().Select(member => member.Key);
}
