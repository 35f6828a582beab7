using System.Net;
using System.Net.Http.Headers;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Relocations;

/// <summary>A repeated request gets its response from the current archive.</summary>
public sealed class AskedAgainTests : IDisposable
{
    private readonly ClockedService _service = new();

    [Fact]
    public async Task Object_posted_again_is_relocated_like_the_first_time_and_another_one_by_itself()
    {
        var first = await PatchedAsync(Samples.Object);
        Assert.Equal(first, await PatchedAsync(Samples.Object));
        Assert.Equal([.. first, 7], await PatchedAsync([.. Samples.Object, 7]));
        Assert.Equal(first, await PatchedAsync(Samples.Object));
    }

    [Fact]
    public async Task Use_of_an_object_is_counted_to_the_minute()
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
    public async Task Script_of_another_origin_is_allowed_to_read_an_answer_given_before()
    {
        using var service = new ClockedService(("Cors:Origins", "https://tools.example.com"));
        await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        await service.Http.GetByteArrayAsync(Address());
        using var asked = new HttpRequestMessage(HttpMethod.Get, Address()) { Headers = { { "Origin", "https://tools.example.com" } } };
        Assert.Equal("https://tools.example.com",
            Assert.Single((await service.Http.SendAsync(asked)).Headers.GetValues("Access-Control-Allow-Origin")));
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
    public async Task Body_whose_digest_is_wrong_is_refused_although_its_answer_is_known()
    {
        await PostAsync(Samples.Object);
        await PostAsync(Samples.Object);
        using var request = Posting(Samples.Object);
        request.Content!.Headers.Add("Content-Digest", $"sha-256=:{Convert.ToBase64String(new byte[32])}:");
        await (await _service.Http.SendAsync(request)).ProblemAsync(HttpStatusCode.BadRequest, "digest-mismatch");
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
        var (distro, version, arch, release) = Samples.NewKernel.Split(
            '/') switch
        { [var d, var v, var a, var r] => (d, v, a, r), _ => throw new InvalidOperationException() };
        var replaced = await _service.Http.PostAsync(
            $"/v1/kernels?distro={distro}&version={version}&arch={arch}&release={release}&replace=true", Answers.Body(Samples.OldBtf));
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
            using var report =
                await _service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, Address()).Accepting("application/json"));
            Assert.Equal("guarded", (string?)(await report.JsonAsync())["verdict"]);
            Assert.Equal(bytes, await _service.Http.GetByteArrayAsync(Address()));
        }
    }

    [Fact]
    public async Task Range_of_an_answer_given_before_is_a_range()
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

    public void Dispose() => _service.Dispose();

    private Task<HttpResponseMessage> PutAsync() => _service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));

    private async Task<byte[]> TwiceAsync()
    {
        await _service.Http.GetByteArrayAsync(Address());
        return await _service.Http.GetByteArrayAsync(Address());
    }

    private async Task<HttpStatusCode> PostAsync(byte[] body)
    {
        using var request = Posting(body);
        using var answer = await _service.Http.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<byte[]> PatchedAsync(byte[] body)
    {
        using var request = Posting(body);
        using var answer = await _service.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    private static HttpRequestMessage Posting(byte[] body) =>
        new HttpRequestMessage(HttpMethod.Post, Relocations) { Content = Answers.Body(body) }.Accepting("application/octet-stream");

    private static string Relocations => $"/v1/relocations?kernel={Samples.NewKernel}";

    private static string Address() => $"/v1/relocated/tracer?kernel={Samples.NewKernel}";
}
