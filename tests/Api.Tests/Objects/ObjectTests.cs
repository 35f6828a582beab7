using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Inputs;
using Relo.Api.Relocations;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Objects;

public sealed class ObjectTests : IDisposable
{
    private static readonly string ByDigest = $"/v1/objects/{Samples.ObjectDigest.Hex}";

    private readonly ServiceHost _service = new(root: null);

    [Fact]
    public async Task Upload_is_created_once_and_says_what_is_in_it()
    {
        using var created = await PutAsync("name=tracer");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(ByDigest, created.Header("Location"));
        var answer = await created.JsonAsync();
        Assert.Equal((Samples.ObjectDigest.ToString(), "tracer", ByDigest),
            ((string?)answer["sha256"], (string?)answer["name"], (string?)answer["url"]));
        var described = answer["object"]!;
        Assert.Equal(["raw_tp/sched_switch", "raw_tp/sched_wakeup"],
            described["programs"]!.AsArray().Select(p => (string)p!["section"]!).Where(s => s != ".text").Order());
        Assert.Equal(["waiting", "slow", ".rodata"], described["maps"]!.AsArray().Select(m => (string?)m!["name"]));
        Assert.Equal("btf", (string?)described["maps"]![0]!["definition"]);
        Assert.Equal("struct task_struct.state (0:1 @ offset 16)", (string?)described["relocations"]![6]!["local"]);
        Assert.Contains("struct task_struct", described["localTypes"]!.AsArray().Select(t => (string?)t!["type"]));
        Assert.True((bool)described["requirements"]!["hasGlobalData"]!);

        using var again = await PutAsync("name=tracer");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Tag_and_digest_lead_to_the_same_object()
    {
        await PutAsync("name=tracer");
        Assert.Equal((await Get(ByDigest)).Text(), (await Get("/v1/objects/tracer")).Text());
        Assert.Equal(Samples.Object, await _service.Http.GetByteArrayAsync(new Uri(ByDigest + "/file", UriKind.Relative)));

        async Task<System.Text.Json.Nodes.JsonNode> Get(string address) => await (await _service.Http.GetAsync(address)).JsonAsync();
    }

    [Fact]
    public async Task Form_may_carry_the_tag_and_its_file_name_is_none()
    {
        using var form =
            new MultipartFormDataContent
            {
                { Answers.Body(Samples.Object), "object", "file.bpf.o" }, { new StringContent("from-form"), "name" },
            };
        Assert.Equal("from-form", (string?)(await (await _service.Http.PostAsync("/v1/objects", form)).JsonAsync())["name"]);
        using var unnamed = new MultipartFormDataContent { { Answers.Body(Other(1)), "object", "file.bpf.o" } };
        Assert.Null((await (await _service.Http.PostAsync("/v1/objects", unnamed)).JsonAsync())["name"]);
    }

    [Fact]
    public async Task File_by_digest_never_changes_and_by_tag_is_asked_for_again_after_a_minute()
    {
        await PutAsync("name=tracer");
        using var byDigest = await _service.Http.GetAsync(ByDigest + "/file");
        Assert.Equal("public, max-age=31536000, immutable", byDigest.Header("Cache-Control"));
        using var byTag = await _service.Http.GetAsync("/v1/objects/tracer/file");
        Assert.Equal("max-age=60", byTag.Header("Cache-Control"));
        Assert.Equal("tracer.bpf.o", byTag.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal($"\"{Samples.ObjectDigest}\"", byTag.Headers.ETag?.Tag);
        Assert.NotNull(byTag.Header("Content-Digest"));

        using var conditional = new HttpRequestMessage(HttpMethod.Get, "/v1/objects/tracer/file");
        conditional.Headers.IfNoneMatch.Add(byTag.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await _service.Http.SendAsync(conditional)).StatusCode);
        using var ranged =
            new HttpRequestMessage(HttpMethod.Get, "/v1/objects/tracer/file") { Headers = { Range = new RangeHeaderValue(0, 3) } };
        Assert.Equal("\x7f" + "ELF", await (await _service.Http.SendAsync(ranged)).Content.ReadAsStringAsync());
        using var head = await _service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/v1/objects/tracer/file"));
        Assert.Equal(Samples.Object.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task List_goes_page_by_page_and_links_the_next()
    {
        for (byte i = 1; i <= 3; i++) await _service.Http.PostAsync($"/v1/objects?name=t{i}", Answers.Body(Other(i)));
        using var answer = await _service.Http.GetAsync("/v1/objects?limit=2");
        var first = await answer.JsonAsync();
        Assert.Equal(["t3", "t2"], first["items"]!.AsArray().Select(o => (string?)o!["name"]));
        var next = answer.Header("Link")!;
        Assert.EndsWith("; rel=\"next\"", next, StringComparison.Ordinal);
        var second = await (await _service.Http.GetAsync(next[1..next.IndexOf('>', StringComparison.Ordinal)])).JsonAsync();
        Assert.Equal(["t1"], second["items"]!.AsArray().Select(o => (string?)o!["name"]));
        Assert.Null(second["next"]);
    }

    [Fact]
    public async Task Deleted_object_is_gone_and_so_are_its_relocations()
    {
        await PutAsync("name=tracer");
        var relocated = $"/v1/relocated/tracer?kernel={Samples.NewKernel}";
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.GetAsync(relocated)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await _service.Http.DeleteAsync("/v1/objects/tracer")).StatusCode);
        foreach (var address in new[]
        {
            "/v1/objects/tracer", ByDigest, ByDigest + "/file", relocated,
            $"/v1/relocations/{Samples.ObjectDigest.Hex}/{Digest.Of(Samples.NewBtf).Hex}",
        })
            await (await _service.Http.GetAsync(address)).ProblemAsync(HttpStatusCode.NotFound, "object-not-found");
        await (await _service.Http.DeleteAsync("/v1/objects/tracer")).ProblemAsync(HttpStatusCode.NotFound, "object-not-found");
    }

    [Fact]
    public async Task Relocations_of_an_object_stay_cached_until_its_last_tag_is_deleted()
    {
        await PutAsync("name=one");
        await PutAsync("name=two");
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.GetAsync($"/v1/relocated/one?kernel={Samples.NewKernel}")).StatusCode);
        var tally = _service.Services.GetRequiredService<RelocationRunner>().Tally;
        var cached = tally.Count;
        Assert.NotEqual(0, cached);
        Assert.Equal(HttpStatusCode.NoContent, (await _service.Http.DeleteAsync("/v1/objects/one")).StatusCode);
        Assert.Equal(cached, tally.Count);
        Assert.Equal(HttpStatusCode.NoContent, (await _service.Http.DeleteAsync("/v1/objects/two")).StatusCode);
        Assert.Equal(0, tally.Count);
    }

    [Fact]
    public async Task Link_replaces_the_cursor_in_any_spelling_of_its_name()
    {
        for (byte i = 1; i <= 3; i++) await _service.Http.PostAsync($"/v1/objects?name=t{i}", Answers.Body(Other(i)));
        var first = await (await _service.Http.GetAsync("/v1/objects?limit=1")).JsonAsync();
        using var answer = await _service.Http.GetAsync($"/v1/objects?limit=1&After={first["next"]}");
        var next = answer.Header("Link")!;
        var third = await (await _service.Http.GetAsync(next[1..next.IndexOf('>', StringComparison.Ordinal)])).JsonAsync();
        Assert.Equal(["t1"], third["items"]!.AsArray().Select(o => (string?)o!["name"]));
    }

    [Fact]
    public async Task Tag_and_object_outlive_the_process()
    {
        var root = Directory.CreateTempSubdirectory("relo-objects-").FullName;
        try
        {
            using (var first = new ServiceHost(root)) await first.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
            using var second = new ServiceHost(root);
            Assert.Equal(Samples.Object, await second.Http.GetByteArrayAsync(new Uri("/v1/objects/tracer/file", UriKind.Relative)));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Theory]
    [InlineData("name=-o", "name is '-o'")]
    [InlineData("name=a%2Fb", "name is 'a/b'")]
    [InlineData("name=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "not 64 hexadecimal digits")]
    public async Task What_is_no_tag_is_refused(string query, string detail)
    {
        var problem = await (await PutAsync(query)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        Assert.Contains(detail, (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Empty((await (await _service.Http.GetAsync("/v1/objects")).JsonAsync())["items"]!.AsArray());
    }

    [Theory]
    [InlineData("/v1/objects/.hidden")]
    [InlineData("/v1/objects/a%2Fb")]
    [InlineData("/v1/objects?limit=0")]
    [InlineData("/v1/objects?after=x")]
    [InlineData("/v1/relocated/.hidden?kernel=1")]
    [InlineData("/v1/relocated/tracer?kernel=5.11.0-syscall-work&failOn=never")]
    public async Task What_makes_no_sense_is_refused(string address)
        => await (await _service.Http.GetAsync(address)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");

    [Fact]
    public async Task What_is_no_object_is_refused_and_not_kept()
    {
        await (await _service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body([1, 2, 3])))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "not-a-bpf-object");
        await (await _service.Http.GetAsync("/v1/objects/tracer")).ProblemAsync(HttpStatusCode.NotFound, "object-not-found");
    }

    [Fact]
    public async Task Changing_objects_needs_a_key_where_the_service_says_so()
    {
        using var service = new ServiceHost(root: null, ("Access:Mode", "Keys"), ("Access:Keys:ci", "a-secret-of-some-length-0123456789"));
        await (await service.Http.PostAsync("/v1/objects", Answers.Body(Samples.Object)))
            .ProblemAsync(HttpStatusCode.Unauthorized, "key-required");
        await (await service.Http.DeleteAsync("/v1/objects/tracer")).ProblemAsync(HttpStatusCode.Unauthorized, "key-required");
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/v1/objects")).StatusCode);
    }

    public void Dispose() => _service.Dispose();

    private Task<HttpResponseMessage> PutAsync(string query) =>
        _service.Http.PostAsync($"/v1/objects?{query}", Answers.Body(Samples.Object));

    // Bytes after the end of an object belong to no section.
    private static byte[] Other(byte n) => [.. Samples.Object, n];
}
