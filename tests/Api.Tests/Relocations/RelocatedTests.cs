using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Relocations;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Relocations;

public sealed class RelocatedTests : IDisposable
{
    private static readonly string Immutable = $"/v1/relocations/{Samples.ObjectDigest.Hex}/{Digest.Of(Samples.NewBtf).Hex}";

    private readonly ServiceHost _service = new(root: null);

    private RelocationRunner Runner => _service.Services.GetRequiredService<RelocationRunner>();

    [Fact]
    public async Task A_thousand_nodes_that_ask_at_once_cost_one_relocation_and_get_the_same_bytes()
    {
        await PutAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => _service.Http.GetByteArrayAsync(Address())));
        Assert.Equal(1, Runner.Tally.Made);
        Assert.Equal(999, Runner.Tally.Hits + Runner.Tally.Joined);
        var digests = answers.Select(a => Digest.Of(a)).Distinct();
        var expected = await (await _service.Http.PostAsync($"/v1/relocations?kernel={Samples.NewKernel}", Answers.Body(Samples.Object)))
            .JsonAsync();
        Assert.Equal((string?)expected["patched"]!["sha256"], Assert.Single(digests).ToString());
        Assert.Equal(1, Runner.Tally.Made); // uploads and addresses by digest share what was made
        await _service.Http.GetByteArrayAsync(new Uri(Immutable + "/object", UriKind.Relative));
        Assert.Equal(1, Runner.Tally.Made);
    }

    [Fact]
    public async Task Answer_leads_to_the_address_that_never_changes()
    {
        await PutAsync();
        using var answer = await _service.Http.GetAsync(Address());
        Assert.Equal($"<{Immutable}/object>; rel=\"canonical\", <{Immutable}>; rel=\"describedby\"", answer.Header("Link"));
        Assert.Equal("max-age=60", answer.Header("Cache-Control"));
        Assert.Equal("tracer.bpf.o", answer.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal($"\"{Digest.Of(body)}\"", answer.Headers.ETag?.Tag);
        Assert.Equal(body, await _service.Http.GetByteArrayAsync(new Uri(Immutable + "/object", UriKind.Relative)));
        using var conditional = new HttpRequestMessage(HttpMethod.Get, Address());
        conditional.Headers.IfNoneMatch.Add(answer.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await _service.Http.SendAsync(conditional)).StatusCode);
        using var ranged = new HttpRequestMessage(HttpMethod.Get, Address()) { Headers = { Range = new RangeHeaderValue(100, 199) } };
        Assert.Equal(body[100..200], await (await _service.Http.SendAsync(ranged)).Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Two_digests_name_what_never_changes()
    {
        await PutAsync();
        using var answer = await _service.Http.GetAsync($"/v1/relocated/{Samples.ObjectDigest.Hex}?kernel={Digest.Of(Samples.NewBtf)}");
        Assert.Equal("public, max-age=31536000, immutable", answer.Header("Cache-Control"));
    }

    [Fact]
    public async Task Report_comes_on_demand()
    {
        await PutAsync();
        using var answer = await _service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, Address()).Accepting("application/json"));
        var report = await answer.JsonAsync();
        Assert.Equal("tracer", (string?)report["object"]!["name"]);
        Assert.Equal(Samples.NewKernel, (string?)report["kernel"]!["id"]);
        Assert.Equal($"<{Immutable}>; rel=\"canonical\"", answer.Header("Link"));
        Assert.Equal("Accept", answer.Header("Vary"));
    }

    [Fact]
    public async Task Kernels_that_share_their_BTF_share_the_relocation_but_not_the_report()
    {
        await PutAsync();
        await _service.Http.PostAsync("/v1/kernels?distro=twin&version=1&arch=x86_64&release=5.11.0-twin", Answers.Body(Samples.NewBtf));
        await _service.Http.GetAsync(Address());
        var report =
            await (await _service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/v1/relocated/tracer?kernel=5.11.0-twin")
                .Accepting("application/json"))).JsonAsync();
        Assert.Equal("twin/1/x86_64/5.11.0-twin", (string?)report["kernel"]!["id"]);
        Assert.Equal(1, Runner.Tally.Made);
    }

    [Fact]
    public async Task A_moved_tag_gives_the_new_object()
    {
        await PutAsync();
        var before = await _service.Http.GetByteArrayAsync(Address());
        await _service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body([.. Samples.Object, 7]));
        var after = await _service.Http.GetByteArrayAsync(Address());
        Assert.Equal([.. before, 7], after);
    }

    [Fact]
    public async Task Node_can_refuse_an_object_that_would_not_load()
    {
        await PutAsync();
        var problem = await (await _service.Http.GetAsync(Address("&failOn=poisoned")))
            .ProblemAsync(HttpStatusCode.UnprocessableEntity, "relocation-unusable");
        Assert.Equal("guarded", (string?)problem["report"]!["verdict"]);
    }

    [Fact]
    public async Task What_is_missing_is_told_apart()
    {
        await (await _service.Http.GetAsync(Address())).ProblemAsync(HttpStatusCode.NotFound, "object-not-found");
        await PutAsync();
        await (await _service.Http.GetAsync("/v1/relocated/tracer?kernel=9.9.9-nowhere"))
            .ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        await (await _service.Http.GetAsync("/v1/relocated/tracer")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-kernel");
        await (await _service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, Address()).Accepting("text/csv")))
            .ProblemAsync(HttpStatusCode.NotAcceptable, "not-acceptable");
    }

    [Fact]
    public async Task With_no_room_for_results_each_is_made_again()
    {
        using var service = new ServiceHost(root: null, ("Cache:ResultBytes", "0"));
        await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        for (var i = 0; i < 3; i++) await service.Http.GetByteArrayAsync(Address());
        var tally = service.Services.GetRequiredService<RelocationRunner>().Tally;
        Assert.Equal((3, 0, 0), (tally.Made, tally.Hits, tally.Bytes));
    }

    public void Dispose() => _service.Dispose();

    private Task<HttpResponseMessage> PutAsync() => _service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));

    private static Uri Address(string more = "") => new($"/v1/relocated/tracer?kernel={Samples.NewKernel}{more}", UriKind.Relative);
}
