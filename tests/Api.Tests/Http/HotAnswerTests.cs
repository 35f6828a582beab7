using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Http.Hot;
using Relo.Api.Relocations;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Http;

public sealed class HotAnswerTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ClockedService _service = new();

    private long Hits => _service.Services.GetRequiredService<HotAnswerMemory>().Tally.Hits;

    [Theory]
    [InlineData("GET", null, HttpStatusCode.OK)]
    [InlineData("HEAD", null, HttpStatusCode.OK)]
    [InlineData("GET", "etag", HttpStatusCode.NotModified)]
    [InlineData("HEAD", "etag", HttpStatusCode.NotModified)]
    [InlineData("GET", "\"sha256:other\"", HttpStatusCode.OK)]
    public async Task Hot_answer_is_the_routes_answer_field_by_field(string method, string? ifNoneMatch, HttpStatusCode status)
    {
        await PutAsync();
        foreach (var address in new[] { Address(), $"/v1/relocated/{Samples.ObjectDigest.Hex}?kernel={Relo.Core.Bytes.Digest.Of(Samples.NewBtf)}" })
        {
            if (ifNoneMatch == "etag") ifNoneMatch = (await _service.Http.GetAsync(address)).Headers.ETag!.Tag;
            _service.Clock.Advance(Second);
            var made = await AnswerAsync(method, address, ifNoneMatch);
            var hits = Hits;
            var hot = await AnswerAsync(method, address, ifNoneMatch);
            Assert.Equal((status, ifNoneMatch == "\"sha256:other\"" ? hits : hits + 1), (hot.Status, Hits));
            Assert.Equal(made, hot);
        }
    }

    [Fact]
    public async Task After_a_second_the_route_answers_anew()
    {
        await PutAsync();
        var first = await _service.Http.GetByteArrayAsync(Address());
        _service.Clock.Advance(Second - TimeSpan.FromTicks(1));
        await _service.Http.GetByteArrayAsync(Address());
        Assert.Equal(1, Hits);
        _service.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(first, await _service.Http.GetByteArrayAsync(Address()));
        Assert.Equal(1, Hits);
        var relocations = _service.Services.GetRequiredService<RelocationRunner>().Tally;
        Assert.Equal((1, 2), (relocations.Made, relocations.Hits)); // given again, and asked again, but not made again
    }

    [Fact]
    public async Task Use_of_a_hot_object_is_counted_to_the_minute()
    {
        await PutAsync();
        for (var i = 0; i < 3; i++)
        {
            _service.Clock.Advance(TimeSpan.FromMinutes(10));
            await _service.Http.GetByteArrayAsync(Address());
        }

        var document = await (await _service.Http.GetAsync("/v1/objects/tracer")).JsonAsync();
        Assert.Equal((DateTimeOffset)document["uploadedAt"]! + TimeSpan.FromMinutes(30), (DateTimeOffset)document["lastUsedAt"]!);
    }

    [Fact]
    public async Task Answers_that_were_given_again_are_told_in_the_log_once_a_second()
    {
        await PutAsync();
        var etag = (await _service.Http.GetAsync(Address())).Headers.ETag!.Tag;
        for (var i = 0; i < 2; i++) await _service.Http.GetByteArrayAsync(Address());
        for (var i = 0; i < 3; i++) await AnswerAsync("GET", Address(), etag);
        Assert.Single(_service.Log.Requests("/v1/relocated/tracer"));
        _service.Clock.Advance(Second);
        while (!_service.Log.Events.Any(e => e.Properties.ContainsKey("NotModified"))) await Task.Yield();
        var line = Assert.Single(_service.Log.Events, e => e.Properties.ContainsKey("NotModified"));
        Assert.Equal("Information \"/v1/relocated/tracer\" given again: 2 sent, 3 not modified", LogLines.Render(line));
    }

    [Fact]
    public async Task Answer_that_holds_no_more_is_let_go()
    {
        await PutAsync();
        await TwiceAsync();
        var memory = _service.Services.GetRequiredService<HotAnswerMemory>();
        Assert.Equal(1, memory.Count);
        _service.Clock.Advance(Second);
        while (memory.Count > 0) await Task.Yield();
    }

    [Fact]
    public async Task Script_of_another_origin_is_answered_by_the_route()
    {
        using var service = new ClockedService(("Cors:Origins", "https://tools.example.com"));
        await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        await service.Http.GetByteArrayAsync(Address());
        using var asked = new HttpRequestMessage(HttpMethod.Get, Address()) { Headers = { { "Origin", "https://tools.example.com" } } };
        Assert.Equal("https://tools.example.com", Assert.Single((await service.Http.SendAsync(asked)).Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal(0, service.Services.GetRequiredService<HotAnswerMemory>().Tally.Hits);
    }

    [Fact]
    public async Task Where_hosts_are_told_apart_each_request_is_asked_for_its_host()
    {
        using var service = new ClockedService(("AllowedHosts", "localhost;127.0.0.1"));
        await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        await service.Http.GetByteArrayAsync(Address());
        using var asked = new HttpRequestMessage(HttpMethod.Get, Address()) { Headers = { Host = "elsewhere.example.com" } };
        Assert.Equal(HttpStatusCode.BadRequest, (await service.Http.SendAsync(asked)).StatusCode);
    }

    [Fact]
    public async Task Object_posted_again_is_answered_field_by_field_as_before()
    {
        await PostAsync(Samples.Object); // changes which objects are kept
        var made = await PostAsync(Samples.Object);
        var hot = await PostAsync(Samples.Object);
        Assert.Equal((HttpStatusCode.OK, 1), (hot.Status, Hits));
        Assert.Equal(made, hot);
        _service.Clock.Advance(Second);
        Assert.Equal(made, await PostAsync(Samples.Object));
        Assert.Equal(1, Hits);
    }

    [Fact]
    public async Task Another_object_posted_to_the_same_address_is_relocated_itself()
    {
        foreach (var body in new byte[][] { Samples.Object, [.. Samples.Object, 7] }) await PostAsync(body); // changes which objects are kept
        var made = await PostAsync(Samples.Object);
        var other = await PostAsync([.. Samples.Object, 7]);
        Assert.Equal(made.Body + "07", other.Body);
        Assert.Equal((made, other, 2), (await PostAsync(Samples.Object), await PostAsync([.. Samples.Object, 7]), Hits));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync([1, 2, 3])).Status);
    }

    [Fact]
    public async Task Posted_as_a_form_or_for_a_report_an_object_is_answered_by_the_route()
    {
        await PostAsync(Samples.Object);
        await PostAsync(Samples.Object);
        for (var i = 0; i < 2; i++)
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(Samples.Object), "object", "tracer.bpf.o" } };
            Assert.Equal("guarded", (string?)(await (await _service.Http.PostAsync(Relocations, form)).JsonAsync())["verdict"]);
            Assert.Equal("guarded", (string?)(await (await _service.Http.PostAsync(Relocations, Answers.Body(Samples.Object))).JsonAsync())["verdict"]);
        }

        Assert.Equal(0, Hits);
    }

    [Fact]
    public async Task Body_whose_digest_is_wrong_is_refused_although_its_answer_is_known()
    {
        await PostAsync(Samples.Object);
        await PostAsync(Samples.Object);
        using var request = Posting(Samples.Object);
        request.Content!.Headers.Add("Content-Digest", $"sha-256=:{Convert.ToBase64String(new byte[32])}:");
        await (await _service.Http.SendAsync(request)).ProblemAsync(HttpStatusCode.BadRequest, "digest-mismatch");
    }

    [Fact]
    public async Task Body_that_is_too_much_for_the_memory_of_uploads_is_told_by_the_route()
    {
        await PostAsync(Samples.Object);
        await PostAsync(Samples.Object);
        var memory = _service.Services.GetRequiredService<Relo.Api.Http.BodyMemory>();
        while (memory.TakenBytes > 0) await Task.Yield(); // a body's memory is given back once its answer is sent, which is when the client has it
        var all = memory.MostBytes;
        memory.Take(all);
        await (await _service.Http.SendAsync(Posting(Samples.Object))).ProblemAsync(HttpStatusCode.TooManyRequests, "too-many-requests");
        memory.GiveBack(all);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(Samples.Object)).Status);
        while (memory.TakenBytes > 0) await Task.Yield();
    }

    [Theory]
    [InlineData(1000, 1)]
    [InlineData(3000, 0)]
    public async Task Request_that_would_take_much_memory_to_know_again_is_answered_by_the_route(int more, long hits)
    {
        await PutAsync();
        for (var i = 0; i < 2; i++)
        {
            using var asked = new HttpRequestMessage(HttpMethod.Get, Address());
            asked.Headers.TryAddWithoutValidation("Accept", "application/octet-stream, text/" + new string('x', more));
            Assert.Equal(HttpStatusCode.OK, (await _service.Http.SendAsync(asked)).StatusCode);
        }

        Assert.Equal(hits, Hits);
    }

    [Fact]
    public async Task Deleted_object_is_kept_again_when_it_is_posted_again()
    {
        await PostAsync(Samples.Object);
        await PostAsync(Samples.Object);
        await _service.Http.DeleteAsync($"/v1/objects/{Samples.ObjectDigest.Hex}");
        await PostAsync(Samples.Object);
        Assert.Equal(HttpStatusCode.OK, (await _service.Http.GetAsync($"/v1/objects/{Samples.ObjectDigest.Hex}")).StatusCode);
    }

    [Fact]
    public async Task Moved_tag_is_seen_at_once()
    {
        await PutAsync();
        var before = await TwiceAsync();
        await _service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body([.. Samples.Object, 7]));
        Assert.Equal([.. before, 7], await _service.Http.GetByteArrayAsync(Address()));
    }

    [Fact]
    public async Task Deleted_object_is_gone_at_once()
    {
        await PutAsync();
        await TwiceAsync();
        await _service.Http.DeleteAsync("/v1/objects/tracer");
        Assert.Equal(HttpStatusCode.NotFound, (await _service.Http.GetAsync(Address())).StatusCode);
    }

    [Fact]
    public async Task Replaced_kernel_is_seen_at_once()
    {
        await PutAsync();
        var before = await TwiceAsync();
        var (distro, version, arch, release) = Samples.NewKernel.Split('/') switch { [var d, var v, var a, var r] => (d, v, a, r), _ => throw new InvalidOperationException() };
        var replaced = await _service.Http.PostAsync($"/v1/kernels?distro={distro}&version={version}&arch={arch}&release={release}&replace=true", Answers.Body(Samples.OldBtf));
        Assert.True(replaced.IsSuccessStatusCode, await replaced.Content.ReadAsStringAsync());
        Assert.NotEqual(before, await _service.Http.GetByteArrayAsync(Address()));
    }

    [Fact]
    public async Task Report_and_object_of_one_address_are_told_apart()
    {
        await PutAsync();
        var bytes = await TwiceAsync();
        for (var i = 0; i < 2; i++)
        {
            using var report = await _service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, Address()).Accepting("application/json"));
            Assert.Equal("guarded", (string?)(await report.JsonAsync())["verdict"]);
            Assert.Equal(bytes, await _service.Http.GetByteArrayAsync(Address()));
        }
    }

    [Fact]
    public async Task Range_of_a_hot_answer_is_a_range()
    {
        await PutAsync();
        var bytes = await TwiceAsync();
        using var ranged = new HttpRequestMessage(HttpMethod.Get, Address()) { Headers = { Range = new RangeHeaderValue(100, 199) } };
        using var answer = await _service.Http.SendAsync(ranged);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(bytes[100..200], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Where_reading_needs_a_key_each_request_is_asked_for_it()
    {
        const string key = "0123456789abcdef";
        using var service = new ClockedService(("Access:Mode", "KeysForAll"), ("Access:Keys:me", key));
        service.Http.DefaultRequestHeaders.Add("X-Api-Key", key);
        await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        await service.Http.GetByteArrayAsync(Address());
        await service.Http.GetByteArrayAsync(Address());
        service.Http.DefaultRequestHeaders.Remove("X-Api-Key");
        await (await service.Http.GetAsync(Address())).ProblemAsync(HttpStatusCode.Unauthorized, "key-required");
    }

    [Theory]
    [InlineData("KeysForAll", HttpStatusCode.Forbidden, 0)]
    [InlineData("Keys", HttpStatusCode.OK, 1)] // nobody needs a key to read
    public async Task Hot_answer_is_not_given_to_a_key_that_does_not_allow_it(string mode, HttpStatusCode status, long hits)
    {
        const string key = "0123456789abcdef", other = "fedcba9876543210";
        using var service = new ClockedService(("Access:Mode", mode), ("Access:Keys:me", key), ("Access:Keys:other", other), ("Access:Scopes:other", "read,objects,kernels"));
        service.Http.DefaultRequestHeaders.Add("X-Api-Key", key);
        await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        await service.Http.GetByteArrayAsync(Address());
        service.Http.DefaultRequestHeaders.Remove("X-Api-Key");
        service.Http.DefaultRequestHeaders.Add("X-Api-Key", other);
        Assert.Equal(status, (await service.Http.GetAsync(Address())).StatusCode);
        Assert.Equal(hits, service.Services.GetRequiredService<HotAnswerMemory>().Tally.Hits);
    }

    public void Dispose() => _service.Dispose();

    private Task<HttpResponseMessage> PutAsync() => _service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));

    private async Task<byte[]> TwiceAsync()
    {
        await _service.Http.GetByteArrayAsync(Address());
        return await _service.Http.GetByteArrayAsync(Address());
    }

    private async Task<(HttpStatusCode Status, string Fields, string Body)> AnswerAsync(string method, string address, string? ifNoneMatch)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (ifNoneMatch is not null) request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return await ReadAsync(await _service.Http.SendAsync(request));
    }

    private static async Task<(HttpStatusCode Status, string Fields, string Body)> ReadAsync(HttpResponseMessage answer)
    {
        using var _ = answer;
        var fields = answer.Headers.Concat(answer.Content.Headers).Where(h => h.Key != "Date").OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => $"{h.Key}: {string.Join(", ", h.Value)}");
        return (answer.StatusCode, string.Join('\n', fields), Convert.ToHexString(await answer.Content.ReadAsByteArrayAsync()));
    }

    private async Task<(HttpStatusCode Status, string Fields, string Body)> PostAsync(byte[] body)
    {
        using var request = Posting(body);
        return await ReadAsync(await _service.Http.SendAsync(request));
    }

    private static HttpRequestMessage Posting(byte[] body) => new HttpRequestMessage(HttpMethod.Post, Relocations) { Content = Answers.Body(body) }.Accepting("application/octet-stream");

    private static string Relocations => $"/v1/relocations?kernel={Samples.NewKernel}";

    private static string Address() => $"/v1/relocated/tracer?kernel={Samples.NewKernel}";
}
