using System.Net;
using System.Net.Http.Headers;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.Api.Tests.Kernels;

/// <summary>Reading the archive.</summary>
public sealed class KernelTests(Service service) : IClassFixture<Service>
{
    private static readonly string NewBtfHex = Digest.Of(Samples.NewBtf).Hex;

    [Fact]
    public async Task List_shows_the_samples_and_filters_them()
    {
        var all = await (await service.Http.GetAsync("/v1/kernels?distro=sample")).JsonAsync();
        Assert.Equal([Samples.OldKernel, Samples.NewKernel], all["items"]!.AsArray().Select(k => (string?)k!["id"]));
        Assert.True(all.ContainsKey("next") && all["next"] is null, "next is null at the end");
        Assert.Equal("sample", (string?)all["items"]![0]!["source"]);

        var some = await (await service.Http.GetAsync("/v1/kernels?release=5.11.*&arch=amd64&q=syscall")).JsonAsync();
        Assert.Equal([Samples.NewKernel], some["items"]!.AsArray().Select(k => (string?)k!["id"]));
    }

    [Fact]
    public async Task Pages_lead_from_one_to_the_next_by_next_and_by_link()
    {
        using var answer = await service.Http.GetAsync("/v1/kernels?distro=sample&limit=1");
        var first = await answer.JsonAsync();
        Assert.Equal(Samples.OldKernel, (string?)first["items"]!.AsArray().Single()!["id"]);
        var link = answer.Header("Link")!;
        Assert.EndsWith(">; rel=\"next\"", link, StringComparison.Ordinal);
        Assert.Contains((string)first["next"]!, link, StringComparison.Ordinal);

        using var last = await service.Http.GetAsync(link[1..link.IndexOf('>', StringComparison.Ordinal)]);
        Assert.Equal(Samples.NewKernel, (string?)(await last.JsonAsync())["items"]!.AsArray().Single()!["id"]);
        Assert.Null(last.Header("Link"));
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("after=%21%21")]
    public async Task Page_outside_the_list_is_refused(string query)
        => await (await service.Http.GetAsync($"/v1/kernels?{query}")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");

    [Theory]
    [InlineData("5.11.0-syscall-work")]
    [InlineData("sample/1/amd64/5.11.0-syscall-work")]
    [InlineData("Linux box 5.11.0-syscall-work #1 SMP Tue Mar 1 10:00:00 UTC 2022 x86_64 GNU/Linux")]
    public async Task Every_form_of_identifier_resolves_with_its_steps(string kernel)
    {
        var found = await (await service.Http.GetAsync($"/v1/kernels/resolve?kernel={Uri.EscapeDataString(kernel)}")).JsonAsync();
        Assert.Equal(Samples.NewKernel, (string?)found["id"]);
        Assert.NotEmpty(found["explanation"]!.AsArray());
    }

    [Fact]
    public async Task Digest_resolves()
        => Assert.Equal(Samples.NewKernel,
            (string?)(await (await service.Http.GetAsync($"/v1/kernels/resolve?kernel=sha256:{NewBtfHex}")).JsonAsync())["id"]);

    [Fact]
    public async Task What_does_not_resolve_says_why()
    {
        await (await service.Http.GetAsync("/v1/kernels/resolve")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-kernel");
        var none = await (await service.Http.GetAsync("/v1/kernels/resolve?kernel=5.12.0"))
            .ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
        Assert.NotEmpty(none["nearest"]!.AsArray());
        Assert.NotEmpty(none["explanation"]!.AsArray());
    }

    [Fact]
    public async Task BTF_by_digest_never_changes_and_by_kernel_may()
    {
        using var byDigest = await service.Http.GetAsync($"/v1/btf/{NewBtfHex}");
        Assert.Equal(Samples.NewBtf, await byDigest.Content.ReadAsByteArrayAsync());
        Assert.Equal($"\"sha256:{NewBtfHex}\"", byDigest.Headers.ETag?.Tag);
        Assert.Equal("public, max-age=31536000, immutable", byDigest.Header("Cache-Control"));

        using var byKernel = await service.Http.GetAsync($"/v1/kernels/btf?kernel={Samples.NewKernel}");
        Assert.Equal(Samples.NewBtf, await byKernel.Content.ReadAsByteArrayAsync());
        Assert.Equal("no-cache", byKernel.Header("Cache-Control"));
        Assert.Equal("5.11.0-syscall-work.btf", byKernel.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal(byDigest.Headers.ETag, byKernel.Headers.ETag);
    }

    [Theory]
    [InlineData("/v1/btf/{0}")]
    [InlineData("/v1/kernels/btf?kernel=sha256:{0}")]
    public async Task BTF_comes_in_part_and_not_twice_and_its_headers_alone(string route)
    {
        var url = string.Format(System.Globalization.CultureInfo.InvariantCulture, route, NewBtfHex);
        using var part = new HttpRequestMessage(HttpMethod.Get, url);
        part.Headers.Range = new RangeHeaderValue(0, 1);
        using var partial = await service.Http.SendAsync(part);
        Assert.Equal(HttpStatusCode.PartialContent, partial.StatusCode);
        Assert.Equal(Samples.NewBtf[..2], await partial.Content.ReadAsByteArrayAsync());

        using var again = new HttpRequestMessage(HttpMethod.Get, url);
        again.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"sha256:{NewBtfHex}\""));
        Assert.Equal(HttpStatusCode.NotModified, (await service.Http.SendAsync(again)).StatusCode);

        using var head = await service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, url));
        Assert.Equal(Samples.NewBtf.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task BTF_that_is_not_here_is_not_found()
    {
        await (await service.Http.GetAsync($"/v1/btf/{new string('0', 64)}")).ProblemAsync(HttpStatusCode.NotFound, "btf-not-found");
        await (await service.Http.GetAsync("/v1/btf/xyz")).ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        await (await service.Http.GetAsync("/v1/kernels/btf?kernel=9.9")).ProblemAsync(HttpStatusCode.NotFound, "kernel-not-found");
    }
}
