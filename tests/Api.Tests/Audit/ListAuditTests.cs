using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Audit;

public sealed class AuditedService() : ServiceHost(root: null,
    ("Archive:RegisterSamples", "false"), ("Access:Mode", "Keys"),
    ("Access:Keys:ci", ListAuditTests.Ci), ("Access:Scopes:ci", "objects"),
    ("Access:Keys:archivist", ListAuditTests.Archivist), ("Access:Scopes:archivist", "kernels"),
    ("Access:Keys:auditor", ListAuditTests.Auditor), ("Access:Scopes:auditor", "audit"));

/// <summary>The audit trail, as somebody with a key for it reads it.</summary>
public sealed class ListAuditTests(AuditedService service) : IClassFixture<AuditedService>
{
    public const string Ci = "the pipeline's own key", Archivist = "the archivist's own key", Auditor = "the auditor's own key";

    private const string Kernel = "s/1/x86_64/1.0";

    [Fact]
    public async Task The_trail_says_which_key_did_what_and_each_hash_can_be_computed_from_the_answer()
    {
        var start = (await EntriesAsync("")).Count;
        byte[] tracer = [.. Samples.Object, 1]; // that no other test adds: ELF ignores bytes after its end
        await SendAsync(Ci, HttpMethod.Post, "/v1/objects?name=tracer", tracer);
        await SendAsync(Archivist, HttpMethod.Post, "/v1/kernels?distro=s&version=1&arch=x86_64&release=1.0", Samples.NewBtf);
        await SendAsync(Ci, HttpMethod.Delete, "/v1/objects/tracer");
        await SendAsync(Archivist, HttpMethod.Delete, $"/v1/kernels?kernel={Kernel}");
        var entries = await EntriesAsync("");
        Assert.Equal(
            ["key ci object-added", "key ci tag-added", "key archivist kernel-added", "key ci object-deleted", "key ci tag-deleted",
                "key archivist kernel-deleted"],
            entries.Skip(start).Select(e => $"{e["by"]} {e["action"]}"));
        Assert.Equal((Kernel, "upload"), ((string?)entries[start + 2]["subject"], (string?)entries[start + 2]["source"]));

        var before = "sha256:" + new string('0', 64);
        foreach (var entry in entries)
        {
            Assert.Equal(before, (string?)entry["previous"]);
            string[] names = ["number", "previous", "at", "by", "action", "subject", "digest", "source"];
            var text = string.Join('\n', names.Select(name => entry[name]?.ToString()));
            before = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            Assert.Equal(before, (string?)entry["hash"]);
        }
    }

    [Fact]
    public async Task Pages_lead_to_the_next_one()
    {
        await SendAsync(Ci, HttpMethod.Post, "/v1/objects?name=one", Samples.Object);
        await SendAsync(Ci, HttpMethod.Post, "/v1/objects?name=two", Samples.Object);
        var all = await EntriesAsync("");
        List<string> paged = [];
        for (var next = "/v1/audit?limit=1"; next is not null;)
        {
            using var answer = await AskAsync(Auditor, next);
            var page = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            paged.AddRange(page["items"]!.AsArray().Select(e => (string)e!["hash"]!));
            next = answer.Headers.TryGetValues("Link", out var link) ? link.Single().Split('<', '>')[1] : null;
            Assert.Equal(next is null, page["next"] is null);
        }

        Assert.Equal(all.Select(e => (string?)e["hash"]), paged);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized, "key-required")]
    [InlineData(Ci, HttpStatusCode.Forbidden, "scope-missing")]
    [InlineData(Archivist, HttpStatusCode.Forbidden, "scope-missing")]
    public async Task Only_a_key_for_it_reads_the_trail_even_where_reading_is_open(string? key, HttpStatusCode status, string code)
    {
        using var answer = await AskAsync(key, "/v1/audit");
        await answer.ProblemAsync(status, code);
    }

    [Theory]
    [InlineData("after=-1")]
    [InlineData("after=yesterday")]
    [InlineData("after=99999999999999999999")]
    [InlineData("limit=0")]
    public async Task A_position_that_is_no_number_is_refused(string query)
    {
        using var answer = await AskAsync(Auditor, $"/v1/audit?{query}");
        await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
    }

    private async Task<List<JsonNode>> EntriesAsync(string query)
    {
        using var answer = await AskAsync(Auditor, $"/v1/audit?limit=1000{query}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["items"]!.AsArray().Select(e => e!)];
    }

    private Task<HttpResponseMessage> AskAsync(string? key, string address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (key is not null) request.Headers.Add("X-Api-Key", key);
        return service.Http.SendAsync(request);
    }

    private async Task SendAsync(string key, HttpMethod method, string address, byte[]? body = null)
    {
        using var request = new HttpRequestMessage(method, address) { Headers = { { "X-Api-Key", key } } };
        if (body is not null) request.Content = Answers.Body(body);
        using var answer = await service.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
