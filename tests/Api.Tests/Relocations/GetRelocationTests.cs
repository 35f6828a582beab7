using System.Net;
using System.Net.Http.Headers;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Relocations;

public sealed class GetRelocationTests : IClassFixture<Service>, IAsyncLifetime
{
    private static readonly string ReportUrl = $"/v1/relocations/{Samples.ObjectDigest.Hex}/{Digest.Of(Samples.NewBtf).Hex}";

    private readonly Service _service;
    private string _patched = "";

    public GetRelocationTests(Service service) => _service = service;

    public async ValueTask InitializeAsync()
    {
        var report = await (await _service.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Samples.Object)))
            .JsonAsync();
        Assert.Equal(ReportUrl + "/object", (string?)report["patched"]!["url"]);
        _patched = (string)report["patched"]!["sha256"]!;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Report_is_made_again_from_the_two_digests()
    {
        using var answer = await _service.Http.GetAsync(ReportUrl);
        Assert.Equal("public, max-age=31536000, immutable", answer.Header("Cache-Control"));
        var report = await answer.JsonAsync();
        Assert.Equal(_patched, (string?)report["patched"]!["sha256"]);
        Assert.Equal(11, report["relocations"]!.AsArray().Count);
    }

    [Fact]
    public async Task Object_has_its_digest_as_tag_a_file_name_and_a_link_to_its_report()
    {
        using var answer = await _service.Http.GetAsync(ReportUrl + "/object");
        Assert.Equal($"\"{_patched}\"", answer.Headers.ETag?.Tag);
        Assert.Equal(_patched, Digest.Of(await answer.Content.ReadAsByteArrayAsync()).ToString());
        Assert.Equal($"sha-256=:{Convert.ToBase64String(Digest.Parse(_patched).ToBytes())}:", answer.Header("Content-Digest"));
        Assert.EndsWith(".bpf.o", answer.Content.Headers.ContentDisposition?.FileName, StringComparison.Ordinal);
        Assert.Equal($"<{ReportUrl}>; rel=\"describedby\"", answer.Header("Link"));
        Assert.Equal("public, max-age=31536000, immutable", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task Client_that_has_it_gets_304_without_a_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ReportUrl + "/object");
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{_patched}\""));
        using var answer = await _service.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        Assert.Null(answer.Header("Content-Digest"));
    }

    [Fact]
    public async Task Range_gets_its_part_with_the_digest_of_the_whole()
    {
        var whole = await _service.Http.GetByteArrayAsync(new Uri(ReportUrl + "/object", UriKind.Relative));
        using var request = new HttpRequestMessage(HttpMethod.Get, ReportUrl + "/object");
        request.Headers.Range = new RangeHeaderValue(100, 199);
        using var answer = await _service.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(whole[100..200], await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal($"bytes 100-199/{whole.Length}", answer.Header("Content-Range"));
        Assert.Equal($"sha-256=:{Convert.ToBase64String(Digest.Parse(_patched).ToBytes())}:", answer.Header("Repr-Digest"));
        Assert.Null(answer.Header("Content-Digest"));
    }

    [Fact]
    public async Task Range_outside_is_a_problem_that_says_the_size()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ReportUrl + "/object");
        request.Headers.Range = new RangeHeaderValue(10_000_000, null);
        using var answer = await _service.Http.SendAsync(request);
        await answer.ProblemAsync(HttpStatusCode.RequestedRangeNotSatisfiable, "range-not-satisfiable");
        Assert.Equal($"bytes */{Samples.Object.Length}", answer.Header("Content-Range"));
        AssertIsNotOfTheObject(answer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/object")]
    public async Task Failed_precondition_is_not_kept_by_caches_as_the_object_is(string suffix)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ReportUrl + suffix);
        request.Headers.IfMatch.Add(new EntityTagHeaderValue("\"other\""));
        using var answer = await _service.Http.SendAsync(request);
        Assert.InRange((int)answer.StatusCode, 400, 499);
        AssertIsNotOfTheObject(answer);
    }

    private static void AssertIsNotOfTheObject(HttpResponseMessage answer)
    {
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Null(answer.Header("ETag"));
        Assert.Null(answer.Header("Repr-Digest"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/object")]
    public async Task HEAD_has_the_headers_of_GET_and_no_body(string suffix)
    {
        using var get = await _service.Http.GetAsync(ReportUrl + suffix);
        using var head = await _service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, ReportUrl + suffix));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_kernel_that_another_process_just_added_is_found()
    {
        using var other = new ServiceHost(_service.Root);
        var btf = MadeUpBtf.Of("just added");
        (await other.Http.PostAsync("/v1/kernels?distro=other&version=1&arch=x86_64&release=6.6.6", Answers.Body(btf)))
            .EnsureSuccessStatusCode();
        using var answer = await _service.Http.GetAsync($"/v1/relocations/{Samples.ObjectDigest.Hex}/{Digest.Of(btf).Hex}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Unknown_object_and_unknown_BTF_are_told_apart()
    {
        var nothing = new string('0', 64);
        await (await _service.Http.GetAsync($"/v1/relocations/{nothing}/{Digest.Of(Samples.NewBtf).Hex}"))
            .ProblemAsync(HttpStatusCode.NotFound, "object-not-found");
        await (await _service.Http.GetAsync($"/v1/relocations/{Samples.ObjectDigest.Hex}/{nothing}"))
            .ProblemAsync(HttpStatusCode.NotFound, "btf-not-found");
    }

    [Fact]
    public async Task What_is_no_digest_is_named()
    {
        var problem = await (await _service.Http.GetAsync($"/v1/relocations/abc/{Digest.Of(Samples.NewBtf).Hex}"))
            .ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        Assert.Contains("abc", (string?)problem["detail"], StringComparison.Ordinal);
    }
}
